import { ShapeError } from '../errors.js';

let keys = new Float64Array(0);
let order = new Uint32Array(0);
const scoreFloat = new Float32Array(1);
const scoreBits = new Uint32Array(scoreFloat.buffer);

/** The most scores that one call can order: the index shares a float64's 53 bits with the score's 32. */
const capacity = 2 ** 21;

/**
 * The indices of `scores` from the highest to the lowest; equal scores in index order, NaN last.
 *
 * Each score's bits, made monotone, and its index are packed into one float64, which the engine's native numeric sort
 * orders several times faster than a comparator would.
 *
 * @param scores Float32Array [N], N <= 2^21.
 * @returns Uint32Array [>= N], of which the first N are meant; overwritten by the next call.
 * @throws {ShapeError} if N is larger.
 * Cost: O(N log N); allocates only when N exceeds that of every earlier call.
 */
export function descendingOrder(scores: Float32Array): Uint32Array {
  const count = scores.length;
  if (count > capacity) {
    throw new ShapeError(
      `descendingOrder: expected at most ${capacity} scores, got ${count}; order fewer: a higher score floor (--score-floor) or a smaller image (--scale)`,
    );
  }
  if (keys.length < count) {
    keys = new Float64Array(count);
    order = new Uint32Array(count);
  }
  for (let index = 0; index < count; index++) {
    // Adding 0 turns -0 into 0, so that the two tie as the numbers they are.
    scoreFloat[0] = scores[index] + 0;
    const bits = scoreBits[0];
    const ascending = Number.isNaN(scores[index]) ? 0 : bits >>> 31 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
    keys[index] = (0xffffffff - ascending) * capacity + index;
  }
  keys.subarray(0, count).sort();
  for (let rank = 0; rank < count; rank++) order[rank] = keys[rank] % capacity;
  return order;
}

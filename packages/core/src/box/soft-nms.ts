import { ProtocolError, ShapeError } from '../errors.js';
import { assertIouThreshold, boxIou, type IouConvention, sideOffsetPx } from './iou.js';

/** How a box's score falls with its IoU `o` with a better box. */
export type SoftNmsDecay =
  /** times 1 - o where o is *above* the threshold, unchanged elsewhere; the authors use 0.3. */
  | { readonly rule: 'linear'; readonly iouThreshold: number }
  /** times exp(-o^2 / sigma) for every overlap; the authors use 0.5. */
  | { readonly rule: 'gaussian'; readonly sigma: number };

/** Settings of soft-NMS. */
export interface SoftNmsOptions {
  readonly decay: SoftNmsDecay;
  /** The authors' code measures sides with `+ 1` (`pixel`). */
  readonly convention: IouConvention;
  /** A box whose score is below this, from the start or after decay, is dropped; the authors use 0.001. */
  readonly scoreFloor: number;
}

/** Scores by index, decayed so far. Grown to the largest call. */
let current = new Float64Array(0);
/** The indices still in play, ascending. */
let live = new Int32Array(0);

/**
 * Soft non-maximum suppression: take the best box, lower the scores of the boxes left by their overlap with it, repeat.
 *
 * @param boxesXyxy Float32Array [N, 4]: (x1, y1, x2, y2), any one unit.
 * @param scores    Float32Array [N], >= 0; of equal scores the lowest index is taken first. Not changed.
 * @param keep      Int32Array [>= N]: receives the indices of the kept boxes in the order in which they were taken,
 *                  which is that of falling decayed score.
 * @param decayed   Float32Array [>= N]: receives their decayed scores, in the order of `keep`.
 * @returns the number of kept boxes.
 * @throws {ShapeError} if the lengths do not fit one N.
 * @throws {ProtocolError} if a setting is out of range.
 * Cost: O(N * kept); scores and IoU in float64; allocates only when N exceeds that of every earlier call.
 * Source: Bodla et al., "Soft-NMS", ICCV 2017, figure 2 and equations 2 and 3.
 */
export function softNms(
  boxesXyxy: Float32Array,
  scores: Float32Array,
  options: SoftNmsOptions,
  keep: Int32Array,
  decayed: Float32Array,
): number {
  const count = scores.length;
  if (boxesXyxy.length !== count * 4 || keep.length < count || decayed.length < count) {
    throw new ShapeError(
      `softNms: expected boxes [${count}, 4] and keep and decayed of at least ${count} for ${count} scores, got lengths ${boxesXyxy.length}, ${keep.length} and ${decayed.length}`,
    );
  }
  assertSettings(options);
  const offsetPx = sideOffsetPx(options.convention);
  let left = start(scores, options.scoreFloor);
  let kept = 0;
  while (left > 0) {
    const best = live[positionOfBest(left)];
    keep[kept] = best;
    decayed[kept++] = current[best];
    let stay = 0;
    for (let position = 0; position < left; position++) {
      const index = live[position];
      if (index === best) continue;
      current[index] *= decayFactor(options.decay, boxIou(boxesXyxy, best, boxesXyxy, index, offsetPx));
      if (current[index] >= options.scoreFloor) live[stay++] = index;
    }
    left = stay;
  }
  return kept;
}

function assertSettings({ decay, scoreFloor }: SoftNmsOptions): void {
  if (decay.rule === 'linear') assertIouThreshold('softNms', decay.iouThreshold);
  else if (!(decay.sigma > 0)) throw new ProtocolError(`softNms: sigma: expected a number above 0, got ${decay.sigma}`);
  if (!(scoreFloor >= 0)) {
    throw new ProtocolError(`softNms: score floor: expected a number of at least 0, got ${scoreFloor}`);
  }
}

/** Fill `current` and `live`; returns the number in play. A NaN score is below every floor. */
function start(scores: Float32Array, scoreFloor: number): number {
  if (live.length < scores.length) {
    live = new Int32Array(scores.length);
    current = new Float64Array(scores.length);
  }
  let left = 0;
  for (let index = 0; index < scores.length; index++) {
    current[index] = scores[index];
    if (current[index] >= scoreFloor) live[left++] = index;
  }
  return left;
}

function positionOfBest(left: number): number {
  let best = 0;
  for (let position = 1; position < left; position++) {
    if (current[live[position]] > current[live[best]]) best = position;
  }
  return best;
}

function decayFactor(decay: SoftNmsDecay, iou: number): number {
  if (decay.rule === 'gaussian') return Math.exp((-iou * iou) / decay.sigma);
  return iou > decay.iouThreshold ? 1 - iou : 1;
}

import { ProtocolError, ShapeError } from '../errors.js';
import { assertIouThreshold, boxIou, type IouConvention, sideOffsetPx } from './iou.js';
import { LiveBoxes } from './live-boxes.js';

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
 * Cost: O(N log N) and an IoU for each pair that overlaps while both are in play (see LiveBoxes); scores and IoU in float64.
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
  const current = Float64Array.from(scores);
  const queue = new BestFirst(current, options.scoreFloor);
  const boxes = new LiveBoxes(boxesXyxy, queue.indices, queue.count, offsetPx);
  let kept = 0;
  for (let best = queue.best(); best >= 0; best = queue.best()) {
    boxes.remove(best);
    queue.dropBest();
    keep[kept] = best;
    decayed[kept++] = current[best];
    boxes.forEachNear(best, (index) => {
      current[index] *= decayFactor(options.decay, boxIou(boxesXyxy, best, boxesXyxy, index, offsetPx));
      if (!(current[index] >= options.scoreFloor)) boxes.remove(index);
    });
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

/**
 * Indices by falling score, of equal scores the lowest first, whose scores may fall meanwhile: a heap by the score at which
 * each was last put in order, and its first is put in order again until that is its score.
 */
class BestFirst {
  /** Int32Array: the heap. */
  readonly indices: Int32Array;
  count = 0;
  readonly #current: Float64Array;
  readonly #known: Float64Array;
  readonly #floor: number;

  /** @param current scores; below the floor, or not a number, takes no part. */
  constructor(current: Float64Array, floor: number) {
    this.#current = current;
    this.#known = current.slice();
    this.#floor = floor;
    this.indices = new Int32Array(current.length);
    for (let index = 0; index < current.length; index++) {
      if (current[index] >= floor) this.indices[this.count++] = index;
    }
    for (let at = (this.count >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The index of the highest score; -1 if none is left. */
  best(): number {
    while (this.count > 0) {
      const first = this.indices[0];
      if (this.#known[first] === this.#current[first]) return first;
      if (this.#current[first] >= this.#floor) {
        this.#known[first] = this.#current[first];
        this.#sink(0);
      } else this.dropBest();
    }
    return -1;
  }

  /** Take out the first. */
  dropBest(): void {
    this.indices[0] = this.indices[--this.count];
    this.#sink(0);
  }

  #sink(from: number): void {
    const index = this.indices[from];
    let at = from;
    for (let child = 2 * at + 1; child < this.count; child = 2 * at + 1) {
      if (child + 1 < this.count && this.#isBefore(this.indices[child + 1], this.indices[child])) child++;
      if (!this.#isBefore(this.indices[child], index)) break;
      this.indices[at] = this.indices[child];
      at = child;
    }
    this.indices[at] = index;
  }

  #isBefore(a: number, b: number): boolean {
    return this.#known[a] > this.#known[b] || (this.#known[a] === this.#known[b] && a < b);
  }
}

function decayFactor(decay: SoftNmsDecay, iou: number): number {
  if (decay.rule === 'gaussian') return Math.exp((-iou * iou) / decay.sigma);
  return iou > decay.iouThreshold ? 1 - iou : 1;
}

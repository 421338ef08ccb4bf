import { ShapeError } from '../errors.js';
import { type IouConvention, sideOffsetPx } from './iou.js';
import { descendingOrder } from './order.js';

/** Settings of non-maximum suppression. */
export interface NmsOptions {
  /** A box is suppressed where its IoU with a better kept box is *above* this. The public WIDER scripts use 0.4. */
  readonly iouThreshold: number;
  /** The public scripts measure sides with `+ 1` (`pixel`). */
  readonly convention: IouConvention;
}

/**
 * Greedy non-maximum suppression: take the best box, drop all others that overlap it by more than the threshold, repeat.
 *
 * @param boxesXyxy Float32Array [N, 4]: (x1, y1, x2, y2), any one unit.
 * @param scores    Float32Array [N]; equal scores are taken in index order.
 * @param keep      Int32Array [>= N]: receives the indices of the kept boxes, best first.
 * @returns the number of kept boxes.
 * @throws {ShapeError} if the lengths do not fit one N.
 * Cost: O(N log N + N * kept), IoU in float64; allocates only when N exceeds that of every earlier call.
 * Source: the public `py_cpu_nms` (suppress where IoU > threshold); arXiv:1905.00641, section 4.3.
 */
export function nms(boxesXyxy: Float32Array, scores: Float32Array, options: NmsOptions, keep: Int32Array): number {
  const count = scores.length;
  if (boxesXyxy.length !== count * 4 || keep.length < count) {
    throw new ShapeError(
      `nms: expected boxes [${count}, 4] and keep of at least ${count} for ${count} scores, got lengths ${boxesXyxy.length} and ${keep.length}`,
    );
  }
  const offset = sideOffsetPx(options.convention);
  const order = descendingOrder(scores);
  reserve(count);
  let kept = 0;
  for (let rank = 0; rank < count; rank++) {
    const at = order[rank] * 4;
    const x1 = boxesXyxy[at];
    const y1 = boxesXyxy[at + 1];
    const x2 = boxesXyxy[at + 2] + offset;
    const y2 = boxesXyxy[at + 3] + offset;
    const area = (x2 - x1) * (y2 - y1);
    if (overlapsKept(kept, x1, y1, x2, y2, area, options.iouThreshold)) continue;
    const to = kept * 5;
    keptBoxes[to] = x1;
    keptBoxes[to + 1] = y1;
    keptBoxes[to + 2] = x2;
    keptBoxes[to + 3] = y2;
    keptBoxes[to + 4] = area;
    keep[kept++] = order[rank];
  }
  return kept;
}

/** The kept boxes of the running call, [capacity, 5]: x1, y1, x2 + offset, y2 + offset, area. */
let keptBoxes = new Float64Array(0);

function reserve(count: number): void {
  if (keptBoxes.length < count * 5) keptBoxes = new Float64Array(count * 5);
}

function overlapsKept(
  kept: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  area: number,
  iouThreshold: number,
): boolean {
  for (let at = 0; at < kept * 5; at += 5) {
    const width = Math.min(x2, keptBoxes[at + 2]) - Math.max(x1, keptBoxes[at]);
    if (width <= 0) continue;
    const height = Math.min(y2, keptBoxes[at + 3]) - Math.max(y1, keptBoxes[at + 1]);
    if (height <= 0) continue;
    const overlap = width * height;
    if (overlap / (area + keptBoxes[at + 4] - overlap) > iouThreshold) return true;
  }
  return false;
}

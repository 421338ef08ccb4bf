import { ShapeError } from '../errors.js';
import { cornersIou } from './corners-iou.js';
import { assertIouThreshold, type IouConvention, sideOffsetPx } from './iou.js';
import { LiveBoxes } from './live-boxes.js';
import { descendingOrder } from './order.js';
import { lowestPrunedIou, OverlapGrid } from './overlap-grid.js';

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
 * @param scores    Float32Array [N]; equal scores are taken in index order, NaN last. A box that is not finite or has no
 *                  area overlaps nothing and is kept.
 * @param keep      Int32Array [>= N]: receives the indices of the kept boxes, best first.
 * @param grid      memory to work in; give one that lives as long as a stream of images, so that nothing is allocated.
 * @returns the number of kept boxes.
 * @throws {ShapeError} if the lengths do not fit one N, or N is above 2^21.
 * @throws {ProtocolError} if the threshold is not a number from 0 to 1.
 * Cost: O(N log N) where boxes overlap a bounded number of kept ones (see OverlapGrid), O(N * kept) at worst; IoU in
 * float64; a given grid allocates only when N exceeds that of every earlier call. Below an IoU of 0.04 the boxes that a kept one
 * overlaps are taken out instead (see LiveBoxes), in memory of its own.
 * Source: the public `py_cpu_nms` (suppress where IoU > threshold); arXiv:1905.00641, section 4.3.
 */
export function nms(
  boxesXyxy: Float32Array,
  scores: Float32Array,
  options: NmsOptions,
  keep: Int32Array,
  grid: OverlapGrid = new OverlapGrid(),
): number {
  const count = scores.length;
  if (boxesXyxy.length !== count * 4 || keep.length < count) {
    throw new ShapeError(
      `nms: expected boxes [${count}, 4] and keep of at least ${count} for ${count} scores, got lengths ${boxesXyxy.length} and ${keep.length}`,
    );
  }
  assertIouThreshold('nms', options.iouThreshold);
  const offsetPx = sideOffsetPx(options.convention);
  const order = descendingOrder(scores);
  if (options.iouThreshold < lowestPrunedIou)
    return takeOut(boxesXyxy, Int32Array.from(order.subarray(0, count)), options.iouThreshold, offsetPx, keep);
  grid.start(boxesXyxy, options.iouThreshold);
  for (let rank = 0; rank < count; rank++) {
    grid.place(boxesXyxy, order[rank], offsetPx);
    if (grid.isSuppressed()) continue;
    keep[grid.count] = order[rank];
    grid.keep();
  }
  return grid.count;
}

/** Keep the best box, take out those that overlap it by more than the threshold, repeat: the same, from the kept box's side. */
function takeOut(
  boxesXyxy: Float32Array,
  order: Int32Array,
  iouThreshold: number,
  offsetPx: 0 | 1,
  keep: Int32Array,
): number {
  const boxes = new LiveBoxes(boxesXyxy, order, order.length, offsetPx);
  let kept = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const best = order[rank];
    if (!boxes.isLive(best)) continue;
    boxes.remove(best);
    keep[kept++] = best;
    boxes.forEachNear(best, (other) => {
      if (cornersIou(boxesXyxy, best, other, offsetPx) > iouThreshold) boxes.remove(other);
    });
  }
  return kept;
}

import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import type { Variances } from './decode.js';

/**
 * Encode pixel corners as box offsets from their anchors: the regression target of the box branch.
 *
 * @param boxesXyxy Float32Array [N, 4]: (x1, y1, x2, y2) in network-input pixels, x2 > x1, y2 > y1.
 * @param anchors   Float32Array [N, 4]: (cx, cy, w, h), same pixels, w, h > 0.
 * @param variances [centre, size], unitless.
 * @param out       Float32Array [N, 4]: receives (tx, ty, tw, th).
 * @returns `out`.
 * @throws {ShapeError} if the lengths differ or are not a multiple of 4.
 * Cost: O(N), allocates nothing. A box of no width or height encodes as -Infinity.
 * Source: arXiv:1905.00641, section 3.1 (2); inverse of decodeBoxes.
 */
export function encodeBoxes(
  boxesXyxy: Float32Array,
  anchors: Float32Array,
  variances: Variances,
  out: Float32Array,
): Float32Array {
  if (boxesXyxy.length !== anchors.length || boxesXyxy.length !== out.length || boxesXyxy.length % 4 !== 0) {
    throw new ShapeError(
      `encodeBoxes: expected boxes, anchors and out of one length [N, 4], got ${boxesXyxy.length}, ${anchors.length} and ${out.length}`,
    );
  }
  for (let index = 0; index < boxesXyxy.length / 4; index++) {
    encodeBox(boxesXyxy, index, anchors, index, variances, out, index);
  }
  return out;
}

/**
 * Encode row `box` of `boxesXyxy` as offsets from row `anchor` of `anchors` into row `outIndex` of `out`; the step of
 * encodeBoxes, for callers that pair boxes and anchors themselves. Bounds are the caller's to keep.
 */
export function encodeBox(
  boxesXyxy: FloatArray,
  box: number,
  anchors: FloatArray,
  anchor: number,
  variances: Variances,
  out: FloatArray,
  outIndex: number,
): void {
  const from = box * 4;
  const at = anchor * 4;
  const to = outIndex * 4;
  const anchorWidth = anchors[at + 2];
  const anchorHeight = anchors[at + 3];
  out[to] = ((boxesXyxy[from] + boxesXyxy[from + 2]) / 2 - anchors[at]) / (variances[0] * anchorWidth);
  out[to + 1] = ((boxesXyxy[from + 1] + boxesXyxy[from + 3]) / 2 - anchors[at + 1]) / (variances[0] * anchorHeight);
  out[to + 2] = Math.log((boxesXyxy[from + 2] - boxesXyxy[from]) / anchorWidth) / variances[1];
  out[to + 3] = Math.log((boxesXyxy[from + 3] - boxesXyxy[from + 1]) / anchorHeight) / variances[1];
}

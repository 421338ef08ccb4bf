import { ShapeError } from '../errors.js';

/** Scale of the regression targets: [centre, size], unitless. The public checkpoints use [0.1, 0.2], the paper [1, 1]. */
export type Variances = readonly [centre: number, size: number];

/**
 * Decode box offsets into pixel corners.
 *
 * @param offsets   Float32Array [N, 4]: (tx, ty, tw, th), unitless, row-major.
 * @param anchors   Float32Array [N, 4]: (cx, cy, w, h) in network-input pixels, w, h > 0.
 * @param variances [centre, size], unitless.
 * @param out       Float32Array [N, 4]: receives (x1, y1, x2, y2), same pixels, x2 = x1 + w (no + 1).
 * @returns `out`.
 * @throws {ShapeError} if the lengths differ or are not a multiple of 4.
 * Cost: O(N), allocates nothing. Float64 inside, float32 out. Non-finite input gives non-finite output.
 * Source: arXiv:1905.00641, section 3.1 (2); inverse of encodeBoxes.
 */
export function decodeBoxes(
  offsets: Float32Array,
  anchors: Float32Array,
  variances: Variances,
  out: Float32Array,
): Float32Array {
  if (offsets.length !== anchors.length || offsets.length !== out.length || offsets.length % 4 !== 0) {
    throw new ShapeError(
      `decodeBoxes: expected offsets, anchors and out of one length [N, 4], got ${offsets.length}, ${anchors.length} and ${out.length}`,
    );
  }
  for (let index = 0; index < offsets.length / 4; index++) decodeBox(offsets, anchors, index, variances, out, index);
  return out;
}

/**
 * Decode the box of one anchor: row `index` of `offsets` and `anchors` into row `outIndex` of `out`; the step of
 * decodeBoxes, for callers that decode only the anchors whose score survives. Bounds are the caller's to keep.
 */
export function decodeBox(
  offsets: Float32Array,
  anchors: Float32Array,
  index: number,
  variances: Variances,
  out: Float32Array,
  outIndex: number,
): void {
  const from = index * 4;
  const to = outIndex * 4;
  const anchorWidth = anchors[from + 2];
  const anchorHeight = anchors[from + 3];
  const width = anchorWidth * Math.exp(offsets[from + 2] * variances[1]);
  const height = anchorHeight * Math.exp(offsets[from + 3] * variances[1]);
  const x1 = anchors[from] + offsets[from] * variances[0] * anchorWidth - width / 2;
  const y1 = anchors[from + 1] + offsets[from + 1] * variances[0] * anchorHeight - height / 2;
  out[to] = x1;
  out[to + 1] = y1;
  out[to + 2] = x1 + width;
  out[to + 3] = y1 + height;
}

import { ShapeError } from '../errors.js';

/**
 * Carry boxes from a horizontally flipped image back to the original, or the other way: (x1, x2) becomes
 * (width - x2, width - x1). A second call undoes the first.
 *
 * @param boxesXyxy Float32Array [N, 4]: (x1, y1, x2, y2) in pixels. Pixel i spans [i, i + 1], as the anchors of
 *                  anchorPresets have it; where corners are indices of pixels (`corner16`), pass `widthPx - 1`.
 * @param widthPx   width of the image.
 * @param out       Float32Array [N, 4]: receives the flipped boxes; may be `boxesXyxy`.
 * @returns `out`.
 * @throws {ShapeError} if the lengths differ or are not a multiple of 4.
 * Cost: O(N), allocates nothing.
 * Source: arXiv:1905.00641, section 4.3 (flip augmentation at test time).
 */
export function flipBoxes(boxesXyxy: Float32Array, widthPx: number, out: Float32Array): Float32Array {
  if (boxesXyxy.length !== out.length || boxesXyxy.length % 4 !== 0) {
    throw new ShapeError(
      `flipBoxes: expected boxes and out of one length [N, 4], got ${boxesXyxy.length} and ${out.length}`,
    );
  }
  for (let at = 0; at < boxesXyxy.length; at += 4) {
    const x1 = widthPx - boxesXyxy[at + 2];
    out[at + 2] = widthPx - boxesXyxy[at];
    out[at] = x1;
    out[at + 1] = boxesXyxy[at + 1];
    out[at + 3] = boxesXyxy[at + 3];
  }
  return out;
}

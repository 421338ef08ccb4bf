import type { Variances } from '../box/decode.js';
import { ShapeError } from '../errors.js';

/**
 * Decode landmark offsets into pixel positions.
 *
 * @param offsets   Float32Array [N, 10]: (dx, dy) of five landmarks, unitless, row-major.
 * @param anchors   Float32Array [N, 4]: (cx, cy, w, h) in network-input pixels.
 * @param variances [centre, size], unitless; only the first takes part.
 * @param out       Float32Array [N, 10]: receives (x, y) of five landmarks, same pixels.
 * @returns `out`.
 * @throws {ShapeError} if the lengths do not fit one N.
 * Cost: O(N), allocates nothing. Float64 inside, float32 out. Non-finite input gives non-finite output.
 * Source: arXiv:1905.00641, section 3.1 (3); inverse of encodeLandmarks.
 */
export function decodeLandmarks(
  offsets: Float32Array,
  anchors: Float32Array,
  variances: Variances,
  out: Float32Array,
): Float32Array {
  const count = anchors.length / 4;
  if (offsets.length !== count * 10 || out.length !== count * 10) {
    throw new ShapeError(
      `decodeLandmarks: expected offsets and out of [${count}, 10] for ${count} anchors, got lengths ${offsets.length} and ${out.length}`,
    );
  }
  for (let index = 0; index < count; index++) decodeLandmark(offsets, anchors, index, variances, out, index);
  return out;
}

/** Decode the five landmarks of one anchor; see decodeBox for the row arguments. */
export function decodeLandmark(
  offsets: Float32Array,
  anchors: Float32Array,
  index: number,
  variances: Variances,
  out: Float32Array,
  outIndex: number,
): void {
  const anchor = index * 4;
  const from = index * 10;
  const to = outIndex * 10;
  const scaleX = variances[0] * anchors[anchor + 2];
  const scaleY = variances[0] * anchors[anchor + 3];
  for (let k = 0; k < 10; k += 2) {
    out[to + k] = anchors[anchor] + offsets[from + k] * scaleX;
    out[to + k + 1] = anchors[anchor + 1] + offsets[from + k + 1] * scaleY;
  }
}

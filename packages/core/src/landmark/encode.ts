import type { Variances } from '../box/decode.js';
import { ShapeError } from '../errors.js';

/**
 * Encode pixel positions of landmarks as offsets from their anchors: the regression target of the landmark branch.
 *
 * @param landmarks Float32Array [N, 10]: (x, y) of five landmarks in network-input pixels.
 * @param anchors   Float32Array [N, 4]: (cx, cy, w, h), same pixels, w, h > 0.
 * @param variances [centre, size], unitless; only the first takes part.
 * @param out       Float32Array [N, 10]: receives (dx, dy) of five landmarks.
 * @returns `out`.
 * @throws {ShapeError} if the lengths do not fit one N.
 * Cost: O(N), allocates nothing.
 * Source: arXiv:1905.00641, section 3.1 (3); inverse of decodeLandmarks.
 */
export function encodeLandmarks(
  landmarks: Float32Array,
  anchors: Float32Array,
  variances: Variances,
  out: Float32Array,
): Float32Array {
  const count = anchors.length / 4;
  if (landmarks.length !== count * 10 || out.length !== count * 10) {
    throw new ShapeError(
      `encodeLandmarks: expected landmarks and out of [${count}, 10] for ${count} anchors, got lengths ${landmarks.length} and ${out.length}`,
    );
  }
  for (let index = 0; index < count; index++) {
    const scaleX = variances[0] * anchors[index * 4 + 2];
    const scaleY = variances[0] * anchors[index * 4 + 3];
    for (let k = index * 10; k < index * 10 + 10; k += 2) {
      out[k] = (landmarks[k] - anchors[index * 4]) / scaleX;
      out[k + 1] = (landmarks[k + 1] - anchors[index * 4 + 1]) / scaleY;
    }
  }
  return out;
}

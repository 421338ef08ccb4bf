import type { Variances } from '../box/decode.js';
import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';

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
  for (let index = 0; index < count; index++) encodeLandmark(landmarks, index, anchors, index, variances, out, index);
  return out;
}

/** Encode the five landmarks of row `face` against anchor `anchor`; see encodeBox for the row arguments. */
export function encodeLandmark(
  landmarks: FloatArray,
  face: number,
  anchors: FloatArray,
  anchor: number,
  variances: Variances,
  out: FloatArray,
  outIndex: number,
): void {
  const at = anchor * 4;
  const scaleX = variances[0] * anchors[at + 2];
  const scaleY = variances[0] * anchors[at + 3];
  for (let k = 0; k < 10; k += 2) {
    out[outIndex * 10 + k] = (landmarks[face * 10 + k] - anchors[at]) / scaleX;
    out[outIndex * 10 + k + 1] = (landmarks[face * 10 + k + 1] - anchors[at + 1]) / scaleY;
  }
}

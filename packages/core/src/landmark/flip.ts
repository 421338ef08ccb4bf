import { ShapeError } from '../errors.js';

/**
 * Which landmark of the flipped face becomes which: left and right eye, and left and right mouth corner, change places,
 * since the names are as seen in the image.
 */
const mirrored = [1, 0, 2, 4, 3] as const;

/**
 * Carry landmarks from a horizontally flipped image back to the original, or the other way: x becomes width - x, and
 * left and right change places, so that landmark 0 is again the eye on the left of the image. A second call undoes the
 * first.
 *
 * @param landmarks Float32Array [N, 10]: (x, y) of left eye, right eye, nose tip, left and right mouth corner in pixels;
 *                  pixel i spans [i, i + 1] (see flipBoxes).
 * @param widthPx   width of the image.
 * @param out       Float32Array [N, 10]: receives the flipped landmarks; may be `landmarks`.
 * @returns `out`.
 * @throws {ShapeError} if the lengths differ or are not a multiple of 10.
 * Cost: O(N), allocates nothing.
 * Source: arXiv:1905.00641, section 4.3 (flip augmentation at test time).
 */
export function flipLandmarks(landmarks: Float32Array, widthPx: number, out: Float32Array): Float32Array {
  if (landmarks.length !== out.length || landmarks.length % 10 !== 0) {
    throw new ShapeError(
      `flipLandmarks: expected landmarks and out of one length [N, 10], got ${landmarks.length} and ${out.length}`,
    );
  }
  for (let face = 0; face < landmarks.length; face += 10) {
    for (let k = 0; k < 5; k++) {
      const partner = mirrored[k];
      if (partner < k) continue;
      const x = widthPx - landmarks[face + partner * 2];
      const y = landmarks[face + partner * 2 + 1];
      const partnerX = widthPx - landmarks[face + k * 2];
      const partnerY = landmarks[face + k * 2 + 1];
      out[face + k * 2] = x;
      out[face + k * 2 + 1] = y;
      out[face + partner * 2] = partnerX;
      out[face + partner * 2 + 1] = partnerY;
    }
  }
  return out;
}

import type { FloatArray } from '../mesh/float-array.js';

/**
 * Whether face `face` has annotated landmarks: a missing annotation is all -1, as in the landmarks that were published
 * for WIDER FACE's training set. A landmark at (-1, -1) among others is a position. One with a NaN is not known; a face
 * of which no landmark is known has none.
 *
 * @param landmarks [N, 10]: (x, y) of five landmarks.
 */
export function hasLandmarks(landmarks: FloatArray, face: number): boolean {
  let missing = true;
  let known = false;
  for (let at = face * 10; at < face * 10 + 10; at += 2) {
    if (landmarks[at] !== -1 || landmarks[at + 1] !== -1) missing = false;
    if (!Number.isNaN(landmarks[at]) && !Number.isNaN(landmarks[at + 1])) known = true;
  }
  return known && !missing;
}

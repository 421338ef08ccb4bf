import type { FloatArray } from '../mesh/float-array.js';

/**
 * Whether face `face` has annotated landmarks: a missing annotation is all -1, as in the landmarks that were published
 * for WIDER FACE's training set. A landmark at (-1, -1) among others is a position.
 *
 * @param landmarks [N, 10]: (x, y) of five landmarks.
 */
export function hasLandmarks(landmarks: FloatArray, face: number): boolean {
  for (let at = face * 10; at < face * 10 + 10; at++) if (landmarks[at] !== -1) return true;
  return false;
}

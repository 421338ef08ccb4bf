import type { FloatArray } from '../mesh/float-array.js';
import { cameraBackward, cameraFrame, projectToPixels, toCameraSpace } from '../render/camera.js';

/** Projection as seen by the landmark term: a square of one image height. */
const unitImage = { widthPx: 1, heightPx: 1 };

/**
 * Mean squared distance of projected landmark vertices from where the landmarks were detected, in squared image heights.
 *
 * @param vertices  [n, 6].
 * @param indices   the landmark vertices.
 * @param camera    [7]: P_cam.
 * @param targets   [landmarks, 2]: (x, y) over a square crop, 0..1.
 * @param verticesGradient [n, 6] and `cameraGradient` [7]: `weight` times the gradient is added.
 * @returns the unweighted value; infinite, without gradient, if a landmark is behind the camera.
 * @throws {ShapeError} if the camera is degenerate (cameraFrame).
 */
export function landmarkTerm(
  vertices: FloatArray,
  indices: ArrayLike<number>,
  camera: FloatArray,
  targets: FloatArray,
  weight: number,
  verticesGradient: FloatArray,
  cameraGradient: FloatArray,
): number {
  const count = indices.length;
  const chosen = new Float64Array(count * 6);
  for (let k = 0; k < count; k++) chosen.set(vertices.subarray(indices[k] * 6, indices[k] * 6 + 6), k * 6);
  const frame = cameraFrame(camera);
  const points = toCameraSpace(chosen, frame, new Float64Array(count * 3));
  const focal = camera[6];
  const pixels = projectToPixels(points, focal, unitImage, new Float64Array(count * 2));
  if (!pixels.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const pointsGradient = new Float64Array(count * 3);
  let value = 0;
  for (let k = 0; k < count; k++) {
    const dx = pixels[k * 2] - targets[k * 2];
    const dy = pixels[k * 2 + 1] - targets[k * 2 + 1];
    value += (dx * dx + dy * dy) / count;
    const [gx, gy] = [(2 * weight * dx) / count, (-2 * weight * dy) / count];
    const [x, y, z] = points.subarray(k * 3, k * 3 + 3);
    pointsGradient[k * 3] = (gx * focal) / z;
    pointsGradient[k * 3 + 1] = (gy * focal) / z;
    pointsGradient[k * 3 + 2] = (-focal * (gx * x + gy * y)) / (z * z);
    cameraGradient[6] += (gx * x + gy * y) / z;
  }
  const chosenGradient = new Float64Array(count * 6);
  cameraBackward(chosen, frame, pointsGradient, chosenGradient, cameraGradient);
  for (let k = 0; k < count; k++) {
    for (let axis = 0; axis < 3; axis++) verticesGradient[indices[k] * 6 + axis] += chosenGradient[k * 6 + axis];
  }
  return value;
}

import {
  type CropFrame,
  cameraFrame,
  type FaceFit,
  type FaceModel,
  projectToPixels,
  toCameraSpace,
  toCrop,
} from '@retinabench/core';

/** Mean distance of the fitted landmarks from the given ones, in pixels of the photograph. */
export function landmarkErrorPx(
  { decoder, landmarks }: FaceModel,
  { latent, camera }: FaceFit,
  frame: CropFrame,
  given: readonly number[],
): number {
  const vertices = decoder.decode(latent);
  const points = toCameraSpace(vertices, cameraFrame(camera), new Float32Array(decoder.vertexCount * 3));
  const unit = { widthPx: 1, heightPx: 1 };
  const places = projectToPixels(points, camera[6], unit, new Float32Array(decoder.vertexCount * 2));
  const distances = landmarks.map((vertex, at) => {
    const [x, y] = toCrop(frame, given[at * 2], given[at * 2 + 1], 1);
    return Math.hypot(places[vertex * 2] - x, places[vertex * 2 + 1] - y) * frame.sidePx;
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

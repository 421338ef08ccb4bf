import { type CropFrame, type FaceFit, type FaceModel, projectVertices } from '@retinabench/core';

/** Mean distance of the fitted landmarks from the given ones, in pixels of the photograph. */
export function landmarkErrorPx(model: FaceModel, fit: FaceFit, frame: CropFrame, given: readonly number[]): number {
  const places = projectVertices(model, fit, frame, model.landmarks);
  const distances = model.landmarks.map((_, at) =>
    Math.hypot(places[at * 2] - given[at * 2], places[at * 2 + 1] - given[at * 2 + 1]),
  );
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

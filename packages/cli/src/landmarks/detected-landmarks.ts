import type { LoggedImage } from '@retinabench/backends/runs';
import { ModelError } from '@retinabench/core';
import { fiveNames, type LandmarkSet, pointScheme } from '@retinabench/eval-landmarks';

/**
 * The faces of a run as landmarks.
 *
 * @param minScore faces that score less are left out.
 * @throws {ModelError} if the run holds faces without landmarks.
 */
export function detectedLandmarks(images: readonly LoggedImage[], model: string, minScore: number): LandmarkSet {
  const numbers: { imageOf: number[]; boxes: number[]; scores: number[]; points: number[] } = {
    imageOf: [],
    boxes: [],
    scores: [],
    points: [],
  };
  images.forEach(({ detections, landmarks }, image) => {
    for (let at = 0; at * 5 < detections.length; at++) {
      if (detections[at * 5 + 4] < minScore) continue;
      if (landmarks === undefined) {
        throw new ModelError(`${model}: expected faces with landmarks, got boxes alone; choose a model that has them`);
      }
      numbers.imageOf.push(image);
      numbers.boxes.push(...detections.slice(at * 5, at * 5 + 4));
      numbers.scores.push(detections[at * 5 + 4]);
      numbers.points.push(...landmarks.slice(at * 10, at * 10 + 10));
    }
  });
  return {
    place: model,
    faces: numbers.scores.length,
    scheme: pointScheme(5),
    pointNames: fiveNames,
    images: images.map(({ image }) => image),
    imageOf: Int32Array.from(numbers.imageOf),
    boxesXywh: Float64Array.from(numbers.boxes),
    scores: Float64Array.from(numbers.scores),
    points: Float64Array.from(numbers.points),
    attributes: new Map(),
  };
}

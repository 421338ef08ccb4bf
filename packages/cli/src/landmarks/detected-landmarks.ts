import { type LoggedImage, meshPointCount } from '@retinabench/backends/runs';
import { ModelError } from '@retinabench/core';
import { fiveNames, type LandmarkSet, pointScheme } from '@retinabench/eval-landmarks';
import type { detectedPoints } from './detected-points.js';

/** One of `detectedPoints`. */
export type DetectedPoints = (typeof detectedPoints)[number];

/**
 * The faces of a run as landmarks. A face of which no mesh could be drawn has no points.
 *
 * @param minScore faces that score less are left out.
 * @throws {ModelError} if the run holds faces without landmarks.
 */
export function detectedLandmarks(
  images: readonly LoggedImage[],
  model: string,
  minScore: number,
  of: DetectedPoints = 'five',
): LandmarkSet {
  const width = 2 * (of === 'mesh' ? meshPointCount : 5);
  const numbers: { imageOf: number[]; boxes: number[]; scores: number[]; points: number[] } = {
    imageOf: [],
    boxes: [],
    scores: [],
    points: [],
  };
  images.forEach(({ detections, landmarks, points }, image) => {
    const given = of === 'mesh' ? points : landmarks;
    for (let at = 0; at * 5 < detections.length; at++) {
      if (detections[at * 5 + 4] < minScore) continue;
      if (given === undefined) {
        throw new ModelError(`${model}: expected faces with landmarks, got boxes alone; choose a model that has them`);
      }
      numbers.imageOf.push(image);
      numbers.boxes.push(...detections.slice(at * 5, at * 5 + 4));
      numbers.scores.push(detections[at * 5 + 4]);
      const own = given.slice(at * width, (at + 1) * width);
      const isLost = own.every((value) => value === -1);
      numbers.points.push(...own.map((value) => (isLost ? Number.NaN : value)));
    }
  });
  return {
    place: model,
    faces: numbers.scores.length,
    scheme: pointScheme(width / 2),
    ...(of === 'mesh' ? {} : { pointNames: fiveNames }),
    images: images.map(({ image }) => image),
    imageOf: Int32Array.from(numbers.imageOf),
    boxesXywh: Float64Array.from(numbers.boxes),
    scores: Float64Array.from(numbers.scores),
    points: Float64Array.from(numbers.points),
    attributes: new Map(),
  };
}

import type { Annotations, LandmarkColumn, Predictions } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { pointScheme } from '../points/point-scheme.js';
import type { LandmarkSet } from './landmark-set.js';

/**
 * Annotated faces with landmarks as a set.
 *
 * @throws {DatasetError} if the annotation has no landmarks.
 */
export function setOfAnnotations(annotations: Annotations, place: string): LandmarkSet {
  const { images, ids, start, boxesXywh, landmarks, attributes } = annotations;
  return {
    ...ofColumns(landmarks, start, boxesXywh, place),
    images,
    ...(ids === undefined ? {} : { imageIds: ids }),
    attributes,
  };
}

/**
 * Detected faces with landmarks as a set.
 *
 * @throws {DatasetError} if no detection has landmarks.
 */
export function setOfPredictions(predictions: Predictions, place: string): LandmarkSet {
  const { images, namedBy, start, boxesXywh, scores, landmarks } = predictions;
  return {
    ...ofColumns(landmarks, start, boxesXywh, place),
    images,
    ...(namedBy === 'id' ? { namedBy } : {}),
    scores,
    attributes: new Map(),
  };
}

function ofColumns(
  landmarks: LandmarkColumn | undefined,
  start: Int32Array,
  boxesXywh: Float64Array,
  place: string,
): Omit<LandmarkSet, 'attributes'> {
  if (landmarks === undefined) {
    throw new DatasetError(`${place}: expected faces with landmarks, got boxes alone; choose a file that has points`);
  }
  const faces = start[start.length - 1];
  const imageOf = new Int32Array(faces);
  for (let image = 0; image + 1 < start.length; image++) imageOf.fill(image, start[image], start[image + 1]);
  const { names, points, visibility } = landmarks;
  return {
    place,
    faces,
    scheme: pointScheme(names.length),
    ...(areNumbers(names) ? {} : { pointNames: names }),
    points,
    imageOf,
    boxesXywh,
    ...(visibility === undefined ? {} : { visibility }),
  };
}

/** Whether names only count: `0`, `1` ... or `point_1`, `point_2` ... */
function areNumbers(names: readonly string[]): boolean {
  return names.every((name) => /\d$/.test(name)) && new Set(names.map((name) => name.replace(/\d+$/, ''))).size === 1;
}

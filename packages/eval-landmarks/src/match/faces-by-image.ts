import { matchImages } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import type { LandmarkSet } from '../set/landmark-set.js';

/** The annotated and the predicted faces of each annotated image, in its order. */
export interface ImageFaces {
  readonly annotated: readonly (readonly number[])[];
  readonly predicted: readonly (readonly number[])[];
  /** What was assumed, and what is left out. */
  readonly notes: readonly string[];
}

/**
 * Bring the images of two sets together.
 *
 * @throws {DatasetError} if a set names no images, or none of them meet.
 */
export function facesByImage(annotated: LandmarkSet, predicted: LandmarkSet): ImageFaces {
  const { images, imageIds } = annotated;
  if (images === undefined || predicted.images === undefined) {
    const { place } = images === undefined ? annotated : predicted;
    throw new DatasetError(`${place}: expected faces with the names of their images, got rows; pair them by row`);
  }
  const { rule, predictionOf, unknown } = matchImages(
    { images, ...(imageIds === undefined ? {} : { ids: imageIds }) },
    { images: predicted.images, ...(predicted.namedBy === undefined ? {} : { namedBy: predicted.namedBy }) },
  );
  const ofPredicted = group(predicted);
  const others = new Set(unknown);
  const leftOut = predicted.images.flatMap((name, image) => (others.has(name) ? ofPredicted[image] : [])).length;
  return {
    annotated: group(annotated),
    predicted: Array.from(predictionOf, (image) => (image < 0 ? [] : ofPredicted[image])),
    notes: [
      ...(rule === 'basename' ? ['images are told by the names of their files, for no path agrees'] : []),
      ...(leftOut === 0
        ? []
        : [
            `${formatCount(leftOut)} predicted faces on ${formatCount(unknown.length)} images that are not annotated are left out`,
          ]),
    ],
  };
}

function group({ images = [], imageOf = new Int32Array(0) }: LandmarkSet): number[][] {
  const groups = images.map((): number[] => []);
  imageOf.forEach((image, face) => {
    groups[image].push(face);
  });
  return groups;
}

import { splits } from '@retinabench/results';
import { type AnnotatedImage, emptyGroundTruth } from '../src/ground-truth/build.js';
import { faceLabels, type WiderGroundTruth } from '../src/ground-truth/ground-truth.js';

/** Ground truth of images given as a list, put together without the builder that the readers use. */
export function buildGroundTruth(images: readonly AnnotatedImage[], place: string): WiderGroundTruth {
  const groundTruth = emptyGroundTruth(
    images.map(({ name }) => name),
    images.map(({ faces }) => faces.length),
    place,
  );
  const { boxesXywh, landmarks, labels, counted } = groundTruth;
  images
    .flatMap(({ faces }) => faces)
    .forEach((face, row) => {
      boxesXywh.set(face.box, 4 * row);
      if (face.landmarks !== undefined) landmarks.set(face.landmarks.flat(), 10 * row);
      for (const label of faceLabels) labels[label][row] = face.labels[label];
      for (const split of splits) counted[split][row] = face.splits.includes(split) ? 1 : 0;
    });
  return groundTruth;
}

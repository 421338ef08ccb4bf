import { splits } from '@retinabench/results';
import { type AnnotatedImage, emptyGroundTruth } from '../src/ground-truth/build.js';
import { faceLabels, type WiderGroundTruth } from '../src/ground-truth/ground-truth.js';

/** Ground truth of images given as a list, put together without the builder that the readers use. */
export function buildGroundTruth(images: readonly AnnotatedImage[], place: string): WiderGroundTruth {
  const empty = emptyGroundTruth(
    images.map(({ name }) => name),
    images.map(({ faces }) => faces.length),
    place,
  );
  const all = images.flatMap(({ faces }) => faces);
  const hasLandmarks = all.some(({ landmarks }) => landmarks !== undefined);
  const landmarks = new Float64Array(hasLandmarks ? 10 * all.length : 0).fill(-1);
  all.forEach((face, row) => {
    empty.boxesXywh.set(face.box, 4 * row);
    if (face.landmarks !== undefined) landmarks.set(face.landmarks.flat(), 10 * row);
    for (const label of faceLabels) empty.labels[label][row] = face.labels[label];
    for (const split of splits) empty.counted[split][row] = face.splits.includes(split) ? 1 : 0;
  });
  return { ...empty, landmarks };
}

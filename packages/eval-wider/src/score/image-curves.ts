import type { ImageCurves } from '@retinabench/results';
import type { MatchedRun } from './match-run.js';

/**
 * What each image adds to the curve of a set of counted faces. A detection that goes to an ignored face is dropped; the
 * first to a counted face is a true positive; every other is a false positive. An image without any annotated face adds
 * nothing, as in the evaluators.
 *
 * @param counted Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * Cost: O(detections + faces).
 */
export function imageCurves(
  { groundTruth, detections, matches, threshold }: MatchedRun,
  counted: Uint8Array,
): ImageCurves {
  const { face: faceOf, first } = matches;
  const images = groundTruth.images.length;
  const start = new Int32Array(images + 1);
  const faces = new Int32Array(images);
  const thresholds = new Uint16Array(threshold.length);
  const proposals = new Int32Array(threshold.length);
  const truePositives = new Int32Array(threshold.length);
  let point = -1;
  for (let image = 0; image < images; image++) {
    const from = groundTruth.start[image];
    const to = groundTruth.start[image + 1];
    for (let face = from; face < to; face++) faces[image] += counted[face];
    let current = 0;
    // None where no face is annotated.
    const end = from < to ? detections.start[image + 1] : 0;
    for (let index = detections.start[image]; index < end; index++) {
      const face = faceOf[index];
      if (face >= 0 && counted[face] === 0) continue;
      if (threshold[index] !== current) {
        current = threshold[index];
        thresholds[++point] = current;
      }
      proposals[point]++;
      if (face >= 0) truePositives[point] += first[index];
    }
    start[image + 1] = point + 1;
  }
  const count = point + 1;
  return {
    start,
    threshold: thresholds.subarray(0, count),
    proposals: proposals.subarray(0, count),
    truePositives: truePositives.subarray(0, count),
    faces,
  };
}

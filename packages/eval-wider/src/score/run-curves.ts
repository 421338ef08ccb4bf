import { type Curve, thresholdCount } from '@retinabench/results';
import type { MatchedRun } from './match-run.js';

/**
 * The curves of a whole run for sets of counted faces that have none in common; each is the sum of `imageCurves`, without
 * keeping the images apart.
 *
 * @returns a function of Uint8Array [faces], the 1-based set of each face, 0 where it is ignored in all, and the number of
 * sets. It allocates 16 kB a set and costs O(matched detections + faces + 1000 x sets): detections that go to no face add the same
 * to every curve and are counted once.
 * Cost: O(detections).
 */
export function runCurves({
  groundTruth,
  detections,
  matches,
  threshold,
}: MatchedRun): (setOf: Uint8Array, sets: number) => Curve[] {
  const unmatched = new Float64Array(thresholdCount);
  const matched = new Int32Array(threshold.length);
  let count = 0;
  const { face: faceOf, first } = matches;
  for (let image = 0; image < groundTruth.images.length; image++) {
    if (groundTruth.start[image] === groundTruth.start[image + 1]) continue;
    for (let index = detections.start[image], end = detections.start[image + 1]; index < end; index++) {
      if (faceOf[index] >= 0) matched[count++] = index;
      else unmatched[threshold[index] - 1]++;
    }
  }
  return (setOf, sets) => {
    const curves = Array.from({ length: sets }, () => ({
      proposals: unmatched.slice(),
      truePositives: new Float64Array(thresholdCount),
      faces: 0,
    }));
    for (let face = 0; face < setOf.length; face++) if (setOf[face] > 0) curves[setOf[face] - 1].faces++;
    for (let place = 0; place < count; place++) {
      const index = matched[place];
      const set = setOf[faceOf[index]];
      if (set === 0) continue;
      const at = threshold[index] - 1;
      curves[set - 1].proposals[at]++;
      curves[set - 1].truePositives[at] += first[index];
    }
    for (const { proposals, truePositives } of curves) {
      for (let at = 1; at < thresholdCount; at++) {
        proposals[at] += proposals[at - 1];
        truePositives[at] += truePositives[at - 1];
      }
    }
    return curves;
  };
}

import { type Curve, thresholdCount } from '@retinabench/results';
import type { MatchedRun } from './match-run.js';

/**
 * The curve of a whole run for a set of counted faces; the sum of `imageCurves`, without keeping the images apart.
 *
 * @param counted Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * Cost: O(detections + faces), allocates 16 kB.
 */
export function runCurve({ groundTruth, detections, matches, threshold }: MatchedRun, counted: Uint8Array): Curve {
  const proposals = new Float64Array(thresholdCount);
  const truePositives = new Float64Array(thresholdCount);
  let faces = 0;
  for (const one of counted) faces += one;
  for (let image = 0; image < groundTruth.images.length; image++) {
    if (groundTruth.start[image] === groundTruth.start[image + 1]) continue;
    for (let index = detections.start[image]; index < detections.start[image + 1]; index++) {
      const face = matches.face[index];
      if (face >= 0 && counted[face] === 0) continue;
      const at = threshold[index] - 1;
      proposals[at]++;
      if (face >= 0) truePositives[at] += matches.first[index];
    }
  }
  for (let at = 1; at < thresholdCount; at++) {
    proposals[at] += proposals[at - 1];
    truePositives[at] += truePositives[at - 1];
  }
  return { proposals, truePositives, faces };
}

import { type Curve, thresholdCount } from '@retinabench/results';
import type { MatchedRun } from './match-run.js';

/**
 * The curves of a whole run for sets of counted faces; each is the sum of `imageCurves`, without keeping the images apart.
 *
 * @returns a function of Uint8Array [faces]: 1 where the face counts; all others are ignored. It allocates 16 kB and costs
 * O(matched detections + faces): detections that go to no face add the same to every curve and are counted once.
 * Cost: O(detections).
 */
export function runCurves({ groundTruth, detections, matches, threshold }: MatchedRun): (counted: Uint8Array) => Curve {
  const unmatched = new Float64Array(thresholdCount);
  const matched = new Int32Array(threshold.length);
  let count = 0;
  for (let image = 0; image < groundTruth.images.length; image++) {
    if (groundTruth.start[image] === groundTruth.start[image + 1]) continue;
    for (let index = detections.start[image]; index < detections.start[image + 1]; index++) {
      if (matches.face[index] >= 0) matched[count++] = index;
      else unmatched[threshold[index] - 1]++;
    }
  }
  return (counted) => {
    const proposals = unmatched.slice();
    const truePositives = new Float64Array(thresholdCount);
    let faces = 0;
    for (let face = 0; face < counted.length; face++) faces += counted[face];
    for (let place = 0; place < count; place++) {
      const index = matched[place];
      if (counted[matches.face[index]] === 0) continue;
      const at = threshold[index] - 1;
      proposals[at]++;
      truePositives[at] += matches.first[index];
    }
    for (let at = 1; at < thresholdCount; at++) {
      proposals[at] += proposals[at - 1];
      truePositives[at] += truePositives[at - 1];
    }
    return { proposals, truePositives, faces };
  };
}

import { formatCount, formatShare } from '@retinabench/results';
import type { LandmarkFinding, LandmarkInput } from './finding.js';
import { fewestSamples, type PointEvidence, percent } from './order.js';
import type { SampleFace } from './sample.js';

/** From this share of the face's diagonal on the points of a face lie elsewhere: those of a weak detector lie on the face. */
const strayError = 0.5;

/** Fewer strays, or a smaller share of the faces, are what a detector errs on. */
const fewestStrays = 3;
const fewestShare = 0.01;

/** From this share of the faces on the number is not that of a detector. */
const mistakenShare = 0.05;

/** The median face is found this well, or the mistake is one that all share. */
const soundMedian = 0.2;

/**
 * Whether some faces are held against points that lie nowhere near them, while most are found: rows that were moved in a part
 * of the file, or images that were exchanged. Nothing is said where faces are paired by their boxes.
 *
 * Cost: faces x points of the sample.
 */
export function diagnoseStrays({ pairs }: LandmarkInput, { sample, asGiven }: PointEvidence): LandmarkFinding[] {
  if (sample.length < fewestSamples || pairs.protocol.pairing === 'iou' || !(asGiven < soundMedian)) return [];
  const strays = sample.filter((face) => errorOf(face) > strayError);
  const share = strays.length / sample.length;
  if (strays.length < fewestStrays || share < fewestShare) return [];
  return [
    {
      code: 'faces-elsewhere',
      level: share < mistakenShare ? 'warning' : 'error',
      evidence: `the points of ${formatCount(strays.length)} of ${formatCount(sample.length)} faces (${formatShare(share)}) lie more than ${percent(strayError)} of the face off, half of all ${percent(asGiven)} or less; the first is face ${strays[0].face + 1}`,
      effect: 'the mean error is that of these faces, which are held against points of elsewhere',
      fix: 'look at these faces: write the predictions in the order of the annotation, or give both sides the names of their images',
    },
  ];
}

/** Mean distance of the points over the diagonal. */
function errorOf({ truth, predicted, diagonal }: SampleFace): number {
  let sum = 0;
  for (let at = 0; at < truth.length; at += 2) {
    sum += Math.hypot(predicted[at] - truth[at], predicted[at + 1] - truth[at + 1]);
  }
  return (2 * sum) / truth.length / diagonal;
}

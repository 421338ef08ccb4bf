import { apOfCurve, averagePrecision, type ImageCurves, sumCurves, thresholdCount } from '@retinabench/results';

/**
 * AP lost to each image: what AP would be had the image been perfect (its counted faces found at the highest score, no
 * false positive), less AP. Losses of several images do not add up exactly, because precision is shared.
 *
 * @returns Float64Array [images], at least 0; undefined if no face is counted.
 * Cost: O(images x 1000).
 */
export function apLost(curves: ImageCurves): Float64Array | undefined {
  const whole = sumCurves(curves);
  const ap = apOfCurve(whole);
  if (ap === undefined) return undefined;
  const proposals = new Float64Array(thresholdCount);
  const truePositives = new Float64Array(thresholdCount);
  return Float64Array.from(curves.faces, (faces, image) => {
    const from = curves.start[image];
    const to = curves.start[image + 1];
    if (faces === 0 && from === to) return 0;
    let ownProposals = 0;
    let ownTruePositives = 0;
    let point = from;
    for (let t = 0; t < thresholdCount; t++) {
      if (point < to && curves.threshold[point] === t + 1) {
        ownProposals += curves.proposals[point];
        ownTruePositives += curves.truePositives[point++];
      }
      proposals[t] = whole.proposals[t] - ownProposals + faces;
      truePositives[t] = whole.truePositives[t] - ownTruePositives + faces;
    }
    return Math.max(averagePrecision(proposals, truePositives, whole.faces) - ap, 0);
  });
}

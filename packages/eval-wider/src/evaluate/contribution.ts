import { apOfCurve, type Curve, type ImageCurves, sumCurves, thresholdCount } from '@retinabench/results';

/**
 * AP lost to each image: what AP would be had the image been perfect (its counted faces found at the highest score, no
 * false positive), less AP. Losses of several images do not add up exactly, because precision is shared.
 *
 * @returns Float64Array [images], at least 0; undefined if no face is counted.
 * Cost: O(images x 1000); 0.1 s a split of full WIDER FACE validation.
 */
export function apLost(curves: ImageCurves): Float64Array | undefined {
  const whole = sumCurves(curves);
  const ap = apOfCurve(whole);
  if (ap === undefined) return undefined;
  const recallOf = Float64Array.from({ length: whole.faces + 1 }, (_, found) => found / whole.faces);
  return Float64Array.from(curves.faces, (faces, image) => {
    if (faces === 0 && curves.start[image] === curves.start[image + 1]) return 0;
    return Math.max(apWithPerfect(whole, recallOf, curves, image) - ap, 0);
  });
}

/**
 * AP of the run with one image perfect: `averagePrecision` of the curve less what the image adds, plus its faces at every
 * threshold, in one pass from the last threshold to the first.
 *
 * @param recallOf Float64Array [faces + 1]: the recall of each number of found faces.
 */
function apWithPerfect(whole: Curve, recallOf: Float64Array, curves: ImageCurves, image: number): number {
  const { proposals, truePositives } = whole;
  const faces = curves.faces[image];
  const first = curves.start[image];
  let point = curves.start[image + 1] - 1;
  // What the rest of the run has up to the threshold at hand, and the image's faces.
  let ownProposals = 0;
  let ownTruePositives = 0;
  for (let at = first; at <= point; at++) {
    ownProposals += curves.proposals[at];
    ownTruePositives += curves.truePositives[at];
  }
  let ap = 0;
  let envelope = 0;
  let found = truePositives[thresholdCount - 1] - ownTruePositives + faces;
  let recall = recallOf[found];
  for (let t = thresholdCount - 1; t >= 0; t--) {
    const proposed = proposals[t] - ownProposals + faces;
    if (point >= first && curves.threshold[point] === t + 1) {
      ownProposals -= curves.proposals[point];
      ownTruePositives -= curves.truePositives[point--];
    }
    const foundBefore = t === 0 ? 0 : truePositives[t - 1] - ownTruePositives + faces;
    // Where no face is found at a threshold, precision is higher at the one before and recall the same.
    if (foundBefore === found && t > 0) continue;
    if (proposed > 0) envelope = Math.max(envelope, found / proposed);
    const recallBefore = recallOf[foundBefore];
    ap += (recall - recallBefore) * envelope;
    found = foundBefore;
    recall = recallBefore;
  }
  return Math.min(ap, 1);
}

import { thresholdCount } from './average-precision.js';
import { apOfCurve, type ImageCurves, sumCurves } from './image-curves.js';

/** The influence of each image on AP, to first order. */
export interface ApInfluence {
  readonly ap: number;
  /** Counted faces of all images, above 0. */
  readonly faces: number;
  /** Float64Array [images]: change of AP per further copy of the image; they add up to 0. */
  readonly influence: Float64Array;
  /** Float64Array [images]: AP that would be lost if the image's detections were gone; they add up to `ap`. */
  readonly found: Float64Array;
  /** Float64Array [images]: AP that would be gained if the image were perfect, its faces found first and nothing else. */
  readonly missing: Float64Array;
}

/**
 * The influence of each image on AP: the derivative of AP by the image's weight. AP is a function of sums over images,
 * precision made non-increasing included, so the derivative is exact wherever the envelope does not change its points.
 *
 * @returns undefined if no face is counted.
 * Cost: O(points + 1000); a bootstrap of B resamples costs B times that.
 * Source: with N, T the proposals and true positives up to a threshold, F the faces, E the envelope T/N taken at its
 * point m, and G(m) the recall steps (in faces) under that point: F dAP = sum of dT(t) E(t) + sum over m of
 * G(m) (dT - E dN)(m) / N(m), less AP dF. Both sums collapse to one weight per true positive and one per proposal at
 * each threshold.
 */
export function apInfluence(curves: ImageCurves): ApInfluence | undefined {
  const whole = sumCurves(curves);
  const ap = apOfCurve(whole);
  if (ap === undefined) return undefined;
  const { perTruePositive, perProposal } = weights(whole.proposals, whole.truePositives, whole.faces);
  // Where nothing is proposed at the first threshold, a perfect face has precision 1 there, whatever follows.
  const alone = whole.proposals[0] > 0 ? 0 : 1 / whole.faces - perTruePositive[0] + perProposal[0];
  const perfectFace = perTruePositive[0] - perProposal[0] + Math.max(0, alone);
  const perFace = ap / whole.faces;
  const found = new Float64Array(curves.faces.length);
  const missing = new Float64Array(curves.faces.length);
  const influence = Float64Array.from(curves.faces, (faces, image) => {
    let sum = 0;
    for (let point = curves.start[image]; point < curves.start[image + 1]; point++) {
      const at = curves.threshold[point] - 1;
      sum += curves.truePositives[point] * perTruePositive[at] - curves.proposals[point] * perProposal[at];
    }
    found[image] = sum;
    missing[image] = perfectFace * faces - sum;
    return sum - perFace * faces;
  });
  return { ap, faces: whole.faces, influence, found, missing };
}

/** AP per further true positive and per further proposal at each threshold; a true positive is also a proposal. */
function weights(
  proposals: Float64Array,
  truePositives: Float64Array,
  faces: number,
): { perTruePositive: Float64Array; perProposal: Float64Array } {
  const envelope = new Float64Array(thresholdCount);
  const steps = new Float64Array(thresholdCount);
  let highest = 0;
  let point = -1;
  for (let t = thresholdCount - 1; t >= 0; t--) {
    const precision = proposals[t] > 0 ? truePositives[t] / proposals[t] : 0;
    if (precision > highest) {
      highest = precision;
      point = t;
    }
    envelope[t] = highest;
    if (point >= 0) steps[point] += truePositives[t] - (t === 0 ? 0 : truePositives[t - 1]);
  }
  const perTruePositive = new Float64Array(thresholdCount);
  const perProposal = new Float64Array(thresholdCount);
  let recallSlope = 0;
  let precisionSlope = 0;
  for (let t = thresholdCount - 1; t >= 0; t--) {
    if (steps[t] > 0) {
      recallSlope += steps[t] / proposals[t];
      precisionSlope += (steps[t] / proposals[t]) * envelope[t];
    }
    perTruePositive[t] = (envelope[t] + recallSlope) / faces;
    perProposal[t] = precisionSlope / faces;
  }
  return { perTruePositive, perProposal };
}

/**
 * By how much the influence of an image understates what deleting it would do: 1 / (1 - h), h being its share of the
 * faces, as leverage does in regression (the jackknife estimator HC3 of MacKinnon and White, 1985). At most 1e9, where an
 * image has all of the faces.
 */
export function enlargedBy(own: number, all: number): number {
  return 1 / Math.max(1 - own / all, 1e-9);
}

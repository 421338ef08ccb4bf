import { betaDistribution } from '../stats/beta.js';
import { averagePrecision, thresholdCount } from './average-precision.js';
import { roundingOfAp } from './few-images.js';
import type { ImageCurves } from './image-curves.js';
import { apInfluence } from './influence.js';

/** Images that got worse where none got better. */
export interface FewLosses {
  /** How many. */
  readonly worse: number;
  /**
   * Two-sided p-value of a true loss of `loss` or less, the level at which a Clopper-Pearson interval of the share of such
   * images ends there.
   */
  readonly pValue: (loss: number) => number;
}

/** -ln 0.025: as many images may have been missed that change the other way (rule of three, one side of 95 %). */
const missedImages = -Math.log(0.025);

/**
 * What a handful of images says where all that matter got worse: an interval over images cannot tell then, their count can.
 * Each such image is taken to lose as little as the one that loses least; 3.7 images that were not drawn are taken to have
 * become perfect, which is nothing where the baseline misses nothing. Then the loss is a share of images times a known size,
 * and the share is binomial.
 *
 * @param differing indices of the images whose curves differ: few.
 * @returns undefined if an image got better, or none got worse.
 * Cost: O(differing x 1000 + points).
 * Source: Clopper and Pearson 1934.
 */
export function fewLosses(
  baseline: ImageCurves,
  candidate: ImageCurves,
  differing: readonly number[],
): FewLosses | undefined {
  const influence = apInfluence(baseline);
  if (influence === undefined) return undefined;
  const changes = differing.map((image) => apWith(baseline, candidate, image) - influence.ap);
  const losses = changes.filter((change) => change < -roundingOfAp).map((change) => -change);
  if (losses.length === 0 || changes.some((change) => change > roundingOfAp)) return undefined;
  const images = baseline.faces.length;
  const rise = influence.missing.reduce((sum, gain) => sum + gain, 0);
  const missedGain = (missedImages * rise) / images;
  // Were all images such, the loss would be as many times that of one.
  const whole = images * Math.min(...losses);
  return {
    worse: losses.length,
    pValue: (loss) => {
      const share = Math.min(1, (loss + missedGain) / whole);
      // P(X >= k) of a binomial is the beta distribution of (k, n - k + 1) at the share.
      return Math.min(1, 2 * betaDistribution(share, losses.length, images - losses.length + 1));
    },
  };
}

/** AP of the baseline with one image of the candidate. */
function apWith(baseline: ImageCurves, candidate: ImageCurves, exchanged: number): number {
  const proposals = new Float64Array(thresholdCount);
  const truePositives = new Float64Array(thresholdCount);
  for (let image = 0; image < baseline.faces.length; image++) {
    const curves = image === exchanged ? candidate : baseline;
    for (let point = curves.start[image]; point < curves.start[image + 1]; point++) {
      proposals[curves.threshold[point] - 1] += curves.proposals[point];
      truePositives[curves.threshold[point] - 1] += curves.truePositives[point];
    }
  }
  for (let t = 1; t < thresholdCount; t++) {
    proposals[t] += proposals[t - 1];
    truePositives[t] += truePositives[t - 1];
  }
  return averagePrecision(
    proposals,
    truePositives,
    baseline.faces.reduce((sum, of) => sum + of, 0),
  );
}

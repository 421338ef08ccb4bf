import type { OperatingCurve } from '../thresholds/operating-curve.js';

/** Nine false positives per image from 0.01 to 1, evenly spaced in their logarithm. */
export const missRateFppi: readonly number[] = Array.from({ length: 9 }, (_, i) => 10 ** (-2 + i / 4));

/** Below this a miss rate of the mean is taken as this: its logarithm has to exist. */
const leastMissRate = 1e-10;

/** The Caltech benchmark's number. */
export interface LogAverageMissRate {
  /** Geometric mean of the miss rates, 0..1; lower is better. */
  readonly value: number;
  /** Miss rate at each of `missRateFppi`: that of the last point with no more false positives per image, 1 if there is none. */
  readonly missRates: readonly number[];
}

/**
 * The log-average miss rate over 0.01 to 1 false positives per image.
 *
 * Source: Dollar et al., Pedestrian Detection: An Evaluation of the State of the Art (2012), section 3.2, and the toolbox
 * of that benchmark. Points are those of distinct scores, where the toolbox also divides detections of one score.
 */
export function logAverageMissRate(curve: OperatingCurve): LogAverageMissRate {
  const missRates = missRateFppi.map((most) => {
    const at = lastPointWithin(curve, most);
    return at < 0 ? 1 : 1 - curve.truePositives[at] / curve.faces;
  });
  const logs = missRates.map((rate) => Math.log(Math.max(rate, leastMissRate)));
  return { value: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length), missRates };
}

/** Index of the last point with at most so many false positives per image, or -1. */
export function lastPointWithin({ falsePositives, images }: OperatingCurve, fppi: number): number {
  let from = 0;
  let to = falsePositives.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (falsePositives[middle] / images <= fppi) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

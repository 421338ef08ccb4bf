import { clopperPearsonInterval, type Interval, intervalHolding, percentileInterval } from '@retinabench/results';
import { type JudgedDetections, outcomeOf } from '../calibration/judged-detections.js';
import { drawImages, type ResamplingOptions } from '../resample/draw-images.js';
import { drawnSums } from './drawn-sums.js';
import { findThreshold, type Wanted } from './find-threshold.js';
import { type OperatingCounts, type OperatingRates, operatingCurve, operatingRates } from './operating-curve.js';

/** A detector at one score, with what can be said of other images like these. */
export interface OperatingPoint extends OperatingCounts, OperatingRates {
  readonly wanted: Wanted;
  /** 95 % intervals. */
  readonly interval?: { readonly [Rate in keyof OperatingRates]?: Interval };
}

/** What there is to say of a wanted rate. */
export type OperatingRow =
  | { readonly found: true; readonly point: OperatingPoint }
  | { readonly found: false; readonly wanted: Wanted; readonly nearestScore: number; readonly reached: number };

/** The rates of a table of operating points for which none were asked. */
export const usualRates: readonly Wanted[] = [
  { rate: 'precision', value: 0.99 },
  { rate: 'precision', value: 0.95 },
  { rate: 'precision', value: 0.9 },
  { rate: 'recall', value: 0.5 },
  { rate: 'recall', value: 0.8 },
  { rate: 'recall', value: 0.9 },
  { rate: 'fppi', value: 0.1 },
  { rate: 'fppi', value: 1 },
  { rate: 'f1', value: 'best' },
  { rate: 'score', value: 0.5 },
];

const rates = ['precision', 'recall', 'f1', 'fppi'] as const;

/**
 * The scores for wanted rates, and the rates there with their 95 % intervals.
 *
 * The intervals are of the detector at that score: a bootstrap over images (percentiles), and for shares at least as wide
 * as the Clopper-Pearson interval of as many independent trials, so that a share of 1 has a width; no false positive at all
 * leaves up to -ln(0.025) of them in as many images (the rule of three, two-sided). That the score itself was chosen on these
 * images is not in them: state a deployment's precision on images that did not choose the score.
 *
 * @param options undefined: no intervals.
 * @throws {ProtocolError} as findThreshold and drawImages.
 * Cost: O(n log n + resamples x images x points).
 */
export function operatingPoints(
  judged: JudgedDetections,
  wanted: readonly Wanted[],
  options?: ResamplingOptions,
): OperatingRow[] {
  const curve = operatingCurve(judged);
  const found = wanted.map((rate) => ({ rate, threshold: findThreshold(curve, rate) }));
  const points = found.map(({ threshold }) => (threshold.found ? threshold.point : undefined));
  const intervals = options === undefined ? undefined : intervalsOf(judged, points, options);
  return found.map(({ rate, threshold }, index): OperatingRow => {
    if (!threshold.found) {
      return { found: false, wanted: rate, nearestScore: threshold.nearest.score, reached: threshold.reached };
    }
    const { point } = threshold;
    const interval = intervals?.[index];
    return {
      found: true,
      point: {
        wanted: rate,
        ...point,
        ...operatingRates(point, curve.faces, curve.images),
        ...(interval === undefined ? {} : { interval }),
      },
    };
  });
}

type RateIntervals = NonNullable<OperatingPoint['interval']>;

function intervalsOf(
  judged: JudgedDetections,
  points: readonly (OperatingCounts | undefined)[],
  options: ResamplingOptions,
): (RateIntervals | undefined)[] {
  const images = judged.faces.length;
  const counts = countsOfImages(
    judged,
    points.map((point) => point?.score ?? Number.POSITIVE_INFINITY),
  );
  const sums = new Float64Array(counts.length);
  const sumDrawn = drawnSums(counts);
  const draws = points.map(() => rates.map((): number[] => []));
  drawImages(images, options, (times) => {
    sumDrawn(times, sums);
    const faces = sums[2 * points.length];
    points.forEach((wanted, point) => {
      if (wanted === undefined) return;
      const drawn = operatingRates(
        { truePositives: sums[2 * point], falsePositives: sums[2 * point + 1] },
        faces,
        images,
      );
      rates.forEach((rate, index) => {
        const value = drawn[rate];
        if (value !== undefined) draws[point][index].push(value);
      });
    });
  });
  const faces = judged.faces.reduce((sum, count) => sum + count, 0);
  return points.map((point, index) => point && widths(point, draws[index], faces, images));
}

/** Percentiles of the draws, widened to what the counts alone leave open. */
function widths(
  point: OperatingCounts,
  draws: readonly (readonly number[])[],
  faces: number,
  images: number,
): RateIntervals {
  const { truePositives, falsePositives } = point;
  const values = operatingRates(point, faces, images);
  const least: { [Rate in keyof OperatingRates]?: Interval } = {
    ...(values.precision === undefined
      ? {}
      : { precision: clopperPearsonInterval(truePositives, truePositives + falsePositives) }),
    ...(values.recall === undefined ? {} : { recall: clopperPearsonInterval(truePositives, faces) }),
    ...(falsePositives > 0 ? {} : { fppi: [0, -Math.log(0.025) / images] }),
  };
  return Object.fromEntries(
    rates.flatMap((rate, index) => {
      const value = values[rate];
      if (value === undefined || draws[index].length === 0) return [];
      const drawn = intervalHolding(percentileInterval(draws[index]), value);
      const floor = least[rate];
      return [[rate, floor === undefined ? drawn : [Math.min(drawn[0], floor[0]), Math.max(drawn[1], floor[1])]]];
    }),
  );
}

/**
 * Columns of Float64Array [images], whole numbers: true and false positives of each image from each of the lowest scores up, and its
 * faces.
 */
function countsOfImages(
  { start, scores, outcomes, faces }: JudgedDetections,
  lowest: readonly number[],
): readonly Float64Array[] {
  const images = start.length - 1;
  const counts = Array.from({ length: 2 * lowest.length }, () => new Float64Array(images));
  const least = Math.min(...lowest);
  for (let image = 0; image < images; image++) {
    for (let index = start[image]; index < start[image + 1]; index++) {
      const outcome = outcomes[index];
      const score = scores[index];
      if (score < least || outcome === outcomeOf.ignored) continue;
      const first = outcome === outcomeOf.hit ? 0 : 1;
      for (let point = 0; point < lowest.length; point++)
        if (score >= lowest[point]) counts[2 * point + first][image]++;
    }
  }
  return [...counts, Float64Array.from(faces)];
}

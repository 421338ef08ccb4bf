import { seededRandom } from '@retinabench/core';
import {
  apDifference,
  apInterval,
  apOfCurve,
  bootstrapAp,
  type ImageCurves,
  type Interval,
  percentileInterval,
  sumCurves,
} from '@retinabench/results';

/** One number whose interval is studied: AP of a run, or the difference of two. */
export interface Studied {
  readonly name: string;
  readonly curves: ImageCurves;
  /** The run that `curves` are compared with; absent: AP itself. */
  readonly baseline?: ImageCurves;
}

/** How often an interval held the truth. */
export interface Coverage {
  readonly held: number;
  /** Draws in which the interval lay above, or below, the truth. */
  readonly above: number;
  readonly below: number;
  readonly draws: number;
  /** Draws in which the interval had no width. */
  readonly widthless: number;
  /** Mean width, 0..1 units. */
  readonly width: number;
}

/** How draws are made. */
export interface DrawOptions {
  readonly images: number;
  readonly draws: number;
  readonly seed: number;
  /** Images are drawn with replacement: the population is unlimited and has these images in equal parts. */
  readonly replacement: boolean;
  /** Resamples of the percentile bootstrap; 0: the intervals of this package. */
  readonly resamples: number;
}

/**
 * Draw images from a population again and again and count how often the interval of what they give holds what the whole
 * population gives. All numbers see the same draws.
 */
export function studyCoverage(studied: readonly Studied[], options: DrawOptions): Coverage[] {
  const { images, draws, seed, replacement, resamples } = options;
  const random = seededRandom(seed);
  const tallies = studied.map(() => ({ held: 0, above: 0, below: 0, draws: 0, widthless: 0, width: 0 }));
  const truths = studied.map(({ curves, baseline }) => apOf(curves) - (baseline === undefined ? 0 : apOf(baseline)));
  const size = studied[0].curves.faces.length;
  const order = Int32Array.from({ length: size }, (_, i) => i);
  for (let draw = 0; draw < draws; draw++) {
    const drawn = replacement
      ? Int32Array.from({ length: images }, () => Math.floor(random() * size))
      : drawWithout(order, images, random);
    studied.forEach((one, index) => {
      const interval = resamples > 0 ? byPercentiles(one, drawn, resamples, draw) : intervalOf(one, drawn);
      if (interval === undefined) return;
      const tally = tallies[index];
      const [low, high] = interval;
      tally.draws++;
      tally.width += high - low;
      if (low === high) tally.widthless++;
      if (truths[index] < low) tally.above++;
      else if (truths[index] > high) tally.below++;
      else tally.held++;
    });
  }
  return tallies.map((tally) => ({ ...tally, width: tally.width / tally.draws }));
}

function intervalOf({ curves, baseline }: Studied, drawn: Int32Array): Interval | undefined {
  const own = curvesOfDrawn(curves, drawn);
  return baseline === undefined ? apInterval(own) : apDifference(curvesOfDrawn(baseline, drawn), own)?.interval;
}

/** What was printed before: the central 95 % of a bootstrap. */
function byPercentiles(
  { curves, baseline }: Studied,
  drawn: Int32Array,
  resamples: number,
  seed: number,
): Interval | undefined {
  const sets = [curves, ...(baseline === undefined ? [] : [baseline])].map((set) => curvesOfDrawn(set, drawn));
  const [own, other] = bootstrapAp(sets, { resamples, random: seededRandom(seed) });
  if (own.length === 0) return undefined;
  return percentileInterval(other === undefined ? own : own.map((ap, i) => ap - other[i]));
}

/** The curves of some images, in the order given, with repetitions. */
export function curvesOfDrawn(curves: ImageCurves, drawn: Int32Array): ImageCurves {
  const start = new Int32Array(drawn.length + 1);
  drawn.forEach((image, at) => {
    start[at + 1] = start[at] + curves.start[image + 1] - curves.start[image];
  });
  const count = start[drawn.length];
  const subset = {
    start,
    threshold: new Uint16Array(count),
    proposals: new Int32Array(count),
    truePositives: new Int32Array(count),
    faces: Int32Array.from(drawn, (image) => curves.faces[image]),
  };
  drawn.forEach((image, at) => {
    const [from, to] = [curves.start[image], curves.start[image + 1]];
    subset.threshold.set(curves.threshold.subarray(from, to), start[at]);
    subset.proposals.set(curves.proposals.subarray(from, to), start[at]);
    subset.truePositives.set(curves.truePositives.subarray(from, to), start[at]);
  });
  return subset;
}

/** The first images of a shuffle of `order`, which is changed. */
function drawWithout(order: Int32Array, images: number, random: () => number): Int32Array {
  for (let at = 0; at < images; at++) {
    const other = at + Math.floor(random() * (order.length - at));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order.slice(0, images);
}

function apOf(curves: ImageCurves): number {
  return apOfCurve(sumCurves(curves)) ?? Number.NaN;
}

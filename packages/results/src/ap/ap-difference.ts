import { ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { type CentralSums, centralSums, reach, type Spread, spreadOf } from '../stats/spread.js';
import { twoSidedT, twoSidedTail } from '../stats/student-t.js';
import { effectiveCount, fewImages, fewness, roundingOfAp } from './few-images.js';
import type { FewLosses } from './few-losses.js';
import type { ImageCurves } from './image-curves.js';
import { type ApInfluence, apInfluence, enlargedBy } from './influence.js';

/** AP of one run minus AP of another on the same images, and how certain that is for images like these. */
export interface ApDifference {
  /** candidate - baseline, -1..1. */
  readonly difference: number;
  /** 95 %; never without width. */
  readonly interval: Interval;
  /** Images compared. */
  readonly images: number;
  /** Images whose detections differ in what they add to the curve. */
  readonly differing: number;
  /** How many of them make up the difference, were all of one size; at most `differing`, 0 where AP depends on none. */
  readonly deciding: number;
  readonly spread: Spread;
  /** The standard error without the allowance for few images: what more images like these would leave of it. */
  readonly measuredError: number;
  /** What images that were not drawn, and jumps, may add, per unit of ln(1 / alpha): loss and gain, both at least 0. */
  readonly unseen: { readonly loss: number; readonly gain: number };
  /** What the difference cannot leave: -AP and 1 - AP of the baseline. */
  readonly bounds: Interval;
  /** Where few images differ and none got better: what their count says (pairedDifference has it). */
  readonly losses?: FewLosses;
}

/** Differences have heavier tails than AP: most images hardly differ. Chosen by measurement, docs/intervals.md. */
const tail = 1.2;

/**
 * The difference in AP of two runs over the same images in the same order. Measured coverage: docs/intervals.md.
 *
 * The spread is that of the images' influences on the one AP less those on the other, enlarged by their shares of the
 * faces, as in `apInterval`. Where fewer than `fewImages` images make up the difference, these cannot show how large such
 * a change is on other images: the more so, the fewer they are, they are taken to lose (or gain) as large a part of what
 * they could as the others would, and up to 3 / n of the images are taken to have been missed (rule of three). Where no
 * image differs, that part is all: 3 / n of the images may lose what they find, or become perfect.
 *
 * @returns undefined if no face is counted.
 * @throws {ShapeError} if the runs do not have the same images.
 */
export function apDifference(baseline: ImageCurves, candidate: ImageCurves): ApDifference | undefined {
  if (baseline.faces.length !== candidate.faces.length) {
    throw new ShapeError(
      `difference in AP: expected curves over the same images, got ${baseline.faces.length} and ${candidate.faces.length}`,
    );
  }
  const before = apInfluence(baseline);
  const after = apInfluence(candidate);
  if (before === undefined || after === undefined) return undefined;
  return influenceDifference(before, after, baseline.faces, differingImages(baseline, candidate));
}

/**
 * The same from the influences of the images on both numbers, of AP or of another number from 0 to 1 that is better the
 * higher it is.
 *
 * @param facesOf   Int32Array [images]: counted faces, the same for both.
 * @param differing indices of the images whose detections differ in what they add.
 * @param jump      what the difference may be off by at 95 % beside the sum over images, at least 0; 0 by default.
 */
export function influenceDifference(
  before: ApInfluence,
  after: ApInfluence,
  facesOf: ArrayLike<number>,
  differing: readonly number[],
  jump = 0,
): ApDifference {
  const images = before.influence.length;
  const changes = before.influence.map((own, image) => withoutRounding(after.influence[image] - own));
  const own = Float64Array.from(differing, (image) => changes[image]);
  const effective = Math.min(effectiveCount(own), differing.length);
  const count = effective > 0 && differing.length < fewImages ? differing.length : effective;
  const few = fewness(count);
  const part = partOfPossible(changes, differing, before);
  const measured = centralSums(changes.map((change, i) => change * enlargedBy(facesOf[i], before.faces)));
  const difference = withoutRounding(after.ap - before.ap);
  const sums =
    effective === 0 || few === 0
      ? measured
      : blend(measured, possible(before, count / images, part, difference < 0), few);
  const rise = before.missing.reduce((sum, gain) => sum + gain, 0);
  const withoutInterval = {
    difference,
    images,
    differing: differing.length,
    deciding: effective,
    spread: spreadOf(sums, images, tail),
    measuredError: spreadOf(measured, images).standardError,
    unseen: {
      loss: (part * few * before.ap) / images + jump / Math.log(1 / 0.05),
      gain: (part * few * rise) / images + jump / Math.log(1 / 0.05),
    },
    bounds: [-before.ap, 1 - before.ap] as const,
  };
  return { ...withoutInterval, interval: differenceInterval(withoutInterval, 0.05) };
}

/** 1 and 1 - 1.1e-16 are both a perfect AP. */
function withoutRounding(difference: number): number {
  return Math.abs(difference) < roundingOfAp ? 0 : difference;
}

/** Interval of a difference at 1 - alpha. */
export function differenceInterval(
  { difference, spread, unseen, bounds }: Omit<ApDifference, 'interval'>,
  alpha: number,
): Interval {
  const [below, above] = reach(spread, twoSidedT(alpha, spread.degreesOfFreedom));
  const missed = Math.log(1 / alpha);
  return [
    Math.min(difference, Math.max(bounds[0], difference - below - missed * unseen.loss)),
    Math.max(difference, Math.min(bounds[1], difference + above + missed * unseen.gain)),
  ];
}

/**
 * Two-sided p-value of the hypothesis that the true difference is `bound`: the alpha at which the interval, bounds apart,
 * ends there.
 *
 * @returns 0..1; 1 where the difference is `bound`.
 */
export function differencePValue({ difference, spread, unseen }: ApDifference, bound = 0): number {
  const distance = Math.abs(difference - bound);
  if (distance === 0) return 1;
  const side = bound < difference ? 0 : 1;
  const missed = side === 0 ? unseen.loss : unseen.gain;
  let low = 0;
  let high = 1e9;
  for (let step = 0; step < 100; step++) {
    const t = low === 0 ? high / 1e3 : Math.sqrt(low * high);
    const alpha = twoSidedTail(t, spread.degreesOfFreedom);
    const length = reach(spread, t)[side] + (missed > 0 ? missed * Math.log(1 / alpha) : 0);
    if (length < distance) low = t;
    else high = t;
  }
  return twoSidedTail(high, spread.degreesOfFreedom);
}

/**
 * Root mean square of what the differing images lost or gained, over the same of what they could have; 0..1, and 1 where
 * nothing was lost or gained.
 */
function partOfPossible(changes: Float64Array, differing: readonly number[], { found, missing }: ApInfluence): number {
  let done = 0;
  let could = 0;
  for (const image of differing) {
    const change = changes[image];
    done += change * change;
    could += change < 0 ? Math.max(found[image], 0) ** 2 : missing[image] ** 2;
  }
  return done > 0 && could > 0 ? Math.min(1, Math.sqrt(done / could)) : 1;
}

/** Power sums if a share of all images, drawn by chance, lost (or gained) this part of what they could. */
function possible({ found, missing }: ApInfluence, share: number, part: number, loses: boolean): CentralSums {
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let image = 0; image < found.length; image++) {
    const change = part * (loses ? -Math.max(found[image], 0) : missing[image]);
    second += share * change ** 2;
    third += share * change ** 3;
    fourth += share * change ** 4;
  }
  return { second, third, fourth };
}

/** From the measured sums towards the possible ones where those are larger. */
function blend(measured: CentralSums, other: CentralSums, share: number): CentralSums {
  const towards = (from: number, to: number): number => from + share * (to - from);
  const larger = (a: number, b: number): number => (Math.abs(b) > Math.abs(a) ? b : a);
  return {
    second: towards(measured.second, Math.max(measured.second, other.second)),
    third: towards(measured.third, larger(measured.third, other.third)),
    fourth: towards(measured.fourth, Math.max(measured.fourth, other.fourth)),
  };
}

/** Indices of the images that do not add the same to both curves. */
export function differingImages(baseline: ImageCurves, candidate: ImageCurves): number[] {
  return Array.from(baseline.faces.keys()).filter((image) => !isSame(baseline, candidate, image));
}

/** Whether an image adds the same to both curves. */
function isSame(a: ImageCurves, b: ImageCurves, image: number): boolean {
  const from = a.start[image];
  const offset = b.start[image] - from;
  if (b.start[image + 1] - offset !== a.start[image + 1]) return false;
  for (let point = from; point < a.start[image + 1]; point++) {
    if (
      a.threshold[point] !== b.threshold[point + offset] ||
      a.proposals[point] !== b.proposals[point + offset] ||
      a.truePositives[point] !== b.truePositives[point + offset]
    ) {
      return false;
    }
  }
  return true;
}

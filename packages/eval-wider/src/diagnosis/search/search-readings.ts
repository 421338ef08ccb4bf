import { type BoxLayout, boxLayouts } from '../../predictions/box-layout.js';
import { mirroredAxes } from '../../predictions/convert.js';
import { asGiven, type BoxReading, complexityOf } from './box-reading.js';
import { type FrameFamily, fixedFrames, frameFamilies, normalised, usualFrames } from './frame-families.js';
import { type Divisors, refineSize } from './refine-size.js';
import type { SampleImage } from './sample.js';
import { layOut, type ReadingScore, scoreReading } from './score-reading.js';
import { scoreShifted } from './score-shifted.js';
import { snapFactor, snapShift, snapSize } from './snap-size.js';
import { refineShift, voteForShift } from './vote-for-shift.js';
import { voteForSize } from './vote-for-size.js';

/** A reading and how well the sample fits under it. */
export interface ScoredReading {
  readonly reading: BoxReading;
  readonly score: ReadingScore;
}

/** Share of a layout's boxes that may have a negative side. */
const mostNegative = 0.2;

/** Share of the images that have to vote for a size. */
const fewestVotes = 0.06;

/** Smaller shifts are the detector's. */
const leastShiftPx = 4;

/** Two readings are equal whose overlaps differ by less: then the simpler one holds. */
const equalOverlap = 0.005;

/** Images below which a size is measured only roughly: then usual sizes are tried as they are, and odd ones have to give more. */
export const fewestMeasured = 60;

/** How many times as much an odd size has to give on the smallest samples. */
const mostStrict = 6;

/**
 * The share of overlap that an odd size measured on a small sample has to give beyond another family's round one, at most;
 * two sizes fit a few boxes twice as easily.
 */
const mostCarried = 0.015;
const mostCarriedOfTwo = 0.06;

/** What a usual size costs that was not measured: of images of one size, half of it and a longer side of 512 are the same. */
const usualPenalty = 0.002;

/**
 * The reading of boxes, among those that people really produce, under which the detections of a sample find most faces: a
 * layout, a frame whose size is measured and rounded, and a mirroring, in any composition.
 *
 * Cost: 13 layouts x 4 mirrorings x 14 families of frames vote for their size; only what enough images vote for is scored.
 */
export function searchReadings(sample: readonly SampleImage[]): { best: ScoredReading; given: ScoredReading } {
  const laidOut = new Map<BoxLayout, Float64Array[]>(boxLayouts.map((layout) => [layout, layOut(sample, layout)]));
  const isWhole = sample.every(({ boxes }) => boxes.every(Number.isInteger));
  const centred = new Map(isWhole ? [...laidOut].map(([layout, boxes]) => [layout, boxes.map(addHalf)]) : []);
  const scored = (reading: BoxReading): ScoredReading => {
    const score = scoreReading(sample, laidOut.get(reading.layout) ?? [], reading);
    const cut = centred.get(reading.layout);
    const uncut = cut === undefined ? score : scoreReading(sample, cut, reading);
    return { reading, score: uncut.overlap > score.overlap ? uncut : score };
  };
  const given = scored(asGiven);
  const proposals = measuredFrames(sample, laidOut);
  const most = Math.max(0, ...proposals.map(({ size }) => size.images));
  const leastVotes = Math.max(2, fewestVotes * sample.length);
  const enough = Math.max(leastVotes, 0.4 * most);
  const isSmall = sample.length < fewestMeasured;
  // Whole numbers and few images measure sizes less exactly.
  const strictness = (isWhole ? 4 : 1) * (isSmall ? Math.min(mostStrict, fewestMeasured / sample.length) : 1);
  let best: PenalisedReading = { ...given, penalty: 0 };
  const consider = (candidate: ScoredReading, penalty = 0, most = mostCarried): void => {
    const own = { ...candidate, penalty: isSmall ? Math.min(penalty, most) : 0 };
    if (isBetter(own, best)) best = own;
  };
  for (const { layout, mirrored, family, size } of proposals) {
    if (size.images < enough) continue;
    const boxes = laidOut.get(layout) ?? [];
    let divisors = refineSize(sample, boxes, family, mirrored, size, isWhole);
    divisors = refineSize(sample, boxes, family, mirrored, divisors, isWhole);
    const candidates = readingsOf(family, divisors, strictness).map(({ reading, penalty }) => ({
      ...scored({ ...reading, layout, mirrored }),
      penalty,
    }));
    if (candidates.length === 0) continue;
    const own = likeliest(candidates);
    consider(own, own.penalty, family.twoSizes ? mostCarriedOfTwo : mostCarried);
  }
  const layouts = new Set(proposals.filter(({ size }) => size.images >= enough).map(({ layout }) => layout));
  for (const layout of layouts) {
    // What needs no size is tried whatever was measured.
    for (const mirrored of mirroredAxes) {
      consider(scored({ layout, scale: 1, mirrored }));
      consider(scored({ layout, scale: 1, frame: normalised, mirrored }));
    }
    for (const frame of isSmall ? [...fixedFrames, ...usualFrames] : fixedFrames) {
      for (const mirrored of ['none', 'x'] as const)
        consider(scored({ layout, scale: 1, frame, mirrored }), strictness * usualPenalty);
    }
  }
  for (const layout of boxLayouts) {
    // Another order of numbers and a shift are six numbers to choose: as many have to vote as for a size, or they fit by chance.
    const fewest = layout === 'xywh' ? leastVotes : enough;
    const candidates = shiftsOf(sample, laidOut.get(layout) ?? [], fewest).map(({ shift, penalty }) => ({
      ...scored({ layout, scale: 1, mirrored: 'none', shift }),
      penalty,
    }));
    if (candidates.length === 0) continue;
    consider(likeliest(candidates));
  }
  return { best: best.reading === given.reading ? given : best, given };
}

/** Layouts, mirrorings and families of frames with the size that images vote for. */
function measuredFrames(sample: readonly SampleImage[], laidOut: ReadonlyMap<BoxLayout, Float64Array[]>) {
  return boxLayouts
    .filter((layout) => negativeShare(laidOut.get(layout) ?? []) <= mostNegative)
    .flatMap((layout) =>
      mirroredAxes.flatMap((mirrored) =>
        frameFamilies.flatMap((family) => {
          const size = voteForSize(sample, laidOut.get(layout) ?? [], family, mirrored);
          return size === undefined ? [] : [{ layout, mirrored, family, size }];
        }),
      ),
    );
}

/**
 * Round shifts near the one that images vote for; none where too few do, or it is too small. Votes for a shift stand in bins of
 * pixels, over which those of large faces spread: they are fewer than those for a size.
 */
function shiftsOf(sample: readonly SampleImage[], boxes: readonly Float64Array[], fewest: number) {
  const voted = voteForShift(sample, boxes);
  if (voted === undefined || voted.images < fewest) return [];
  if (Math.max(Math.abs(voted.x), Math.abs(voted.y)) < leastShiftPx) return [];
  const shift = refineShift(scoreShifted(sample, boxes), voted);
  return snapShift(shift.x).flatMap((x) =>
    snapShift(shift.y).map((y) => ({ shift: { x: x.value, y: y.value }, penalty: x.penalty + y.penalty })),
  );
}

/** A reading, its score and the share of its overlap that is not counted. */
interface PenalisedReading extends ScoredReading {
  readonly penalty: number;
}

/** Of two readings the one with more overlap, penalties taken off; of equal ones the simpler. */
function isBetter(candidate: PenalisedReading, best: PenalisedReading): boolean {
  const [a, b] = [worth(candidate), worth(best)];
  if (Math.abs(a - b) > equalOverlap * Math.max(a, b)) return a > b;
  return complexityOf(candidate.reading) < complexityOf(best.reading);
}

/** How far from 1 the factor of an axis may be measured that was not resized. */
const unscaled = 0.03;

/** A reading and the share of overlap that it may lack and still be preferred. */
interface Candidate {
  readonly reading: Pick<BoxReading, 'scale' | 'frame'>;
  readonly penalty: number;
}

/** The readings of a family near sizes that were measured. */
function readingsOf(family: FrameFamily, divisors: Divisors, strictness: number): Candidate[] {
  const { kind, times } = family;
  if (kind === undefined) {
    return snapFactor(1 / divisors.width).map(({ value, penalty }) => ({
      reading: { scale: Number(value.toPrecision(8)) },
      penalty: strictness * penalty,
    }));
  }
  const widths = snapSize(divisors.width ** (1 / times));
  if (!family.twoSizes) {
    return widths.map(({ value, penalty }) => ({
      reading: { scale: 1, frame: { kind, width: value, height: value, times } },
      penalty: strictness * penalty,
    }));
  }
  // One side is the image's own where one axis alone was resized.
  if (kind === 'across' || kind === 'down') {
    const [sizes, own] = kind === 'across' ? [widths, divisors.height] : [snapSize(divisors.height), divisors.width];
    if (Math.abs(own - 1) > unscaled) return [];
    return sizes.map(({ value, penalty }) => ({
      reading: { scale: 1, frame: { kind, width: value, height: value, times } },
      penalty: strictness * penalty,
    }));
  }
  return widths.flatMap((width) =>
    snapSize(divisors.height ** (1 / times)).map((height) => ({
      reading: { scale: 1, frame: { kind, width: width.value, height: height.value, times } },
      penalty: strictness * (width.penalty + height.penalty + (width.value === height.value ? 0 : 0.005)),
    })),
  );
}

/** The candidate with the most overlap, penalties taken off. */
function likeliest(candidates: readonly PenalisedReading[]): PenalisedReading {
  return candidates.reduce((best, one) => (worth(one) > worth(best) ? one : best));
}

function worth({ score, penalty }: PenalisedReading): number {
  return score.overlap * (1 - penalty);
}

/** What whole numbers stand for on average if they were cut off. */
function addHalf(boxes: Float64Array): Float64Array {
  return boxes.map((value) => value + 0.5);
}

function negativeShare(laidOut: readonly Float64Array[]): number {
  let negative = 0;
  let all = 0;
  for (const boxes of laidOut) {
    for (let at = 0; at < boxes.length; at += 4) {
      all++;
      if (boxes[at + 2] < 0 || boxes[at + 3] < 0) negative++;
    }
  }
  return all === 0 ? 1 : negative / all;
}

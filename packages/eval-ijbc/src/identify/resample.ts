import { resample } from '@retinabench/core';
import { type Interval, intervalHolding, percentileInterval, type Resampled } from '@retinabench/results';
import type { Enrolment } from '../meta/enrolment.js';
import { digestDrawn } from '../verify/digest-drawn.js';
import { fpirTargets, type Identification, ranks, type Searches } from './identify.js';

/** How subjects are drawn. */
export interface ProbeResampling {
  readonly resamples: number;
  readonly seed: number;
  /** Uniform numbers in [0, 1) from that seed. */
  readonly random: () => number;
}

/** Draws of an identification, with the intervals that they give. */
export interface ResampledIdentification {
  readonly resampled: Resampled;
  readonly rankInterval: Readonly<Record<string, Interval>>;
  readonly tpirInterval: Readonly<Record<string, Interval>>;
}

/** One gallery's searches, non-mated ones from the highest similarity down. */
interface RankedSearches {
  readonly matedSubjects: Int32Array;
  readonly ranks: Float64Array;
  readonly found: Float64Array;
  readonly otherSubjects: Int32Array;
  readonly best: Float64Array;
}

/**
 * Rank-k and TPIR of resamples of the probes' subjects, drawn with replacement as often as there are subjects: all probes of a
 * subject that was drawn w times count w times, mated and non-mated, and each draw picks its own thresholds. Galleries stay as they
 * are, so that the intervals say nothing of other galleries.
 *
 * @returns undefined if there are fewer than two subjects, or the result is of legacy rules.
 * Cost: O(resamples x searches), and one sort of the non-mated searches.
 */
export function resampleIdentification(
  result: Identification,
  probes: Enrolment,
  galleries: readonly Enrolment[],
  { resamples, seed, random }: ProbeResampling,
): ResampledIdentification | undefined {
  const subjectIds = [...new Set(probes.subjectIds)].sort((a, b) => a - b);
  if (subjectIds.length < 2) return undefined;
  const indexOf = new Map(subjectIds.map((subject, i) => [subject, i]));
  const subjectOf = probes.subjectIds.map((subject) => indexOf.get(subject)!);
  const searches = result.galleries.flatMap((gallery) =>
    gallery.searches === undefined ? [] : [rankSearches(gallery.searches, subjectOf)],
  );
  if (searches.length < result.galleries.length) return undefined;
  const collected: Record<string, number>[] = [];
  resample(subjectIds.length, resamples, random, (weights) => {
    // A draw without a mated probe, or without what decides a threshold, has no rates.
    const numbers = numbersOf(searches, weights, result.tpir !== undefined);
    return numbers !== undefined && collected.push(numbers) > 0;
  });
  const draws = Object.fromEntries(
    Object.keys(collected[0]).map((key) => [key, collected.map((numbers) => numbers[key])]),
  );
  const intervals = (prefix: 'rank' | 'tpir', values: Readonly<Record<string, number>> = {}) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        intervalHolding(percentileInterval(draws[`${prefix}.${key}`]), value),
      ]),
    );
  const mated = new Set(searches.flatMap(({ matedSubjects }) => [...matedSubjects]));
  return {
    resampled: {
      unit: 'subjects',
      units: subjectIds.length,
      deciding: mated.size,
      seed,
      sha256: digestDrawn(
        'subjects of probes with replacement, thresholds of each draw; 1',
        [probes, ...galleries].flatMap(({ templateIds, subjectIds: ids }) => [templateIds, ids]),
      ),
      draws,
    },
    rankInterval: intervals('rank', result.rank),
    tpirInterval: intervals('tpir', result.tpir),
  };
}

function rankSearches({ mated, nonMated }: Searches, subjectOf: Int32Array): RankedSearches {
  const others = nonMated.toSorted((a, b) => b.best - a.best);
  return {
    matedSubjects: Int32Array.from(mated, ({ probe }) => subjectOf[probe]),
    ranks: Float64Array.from(mated, ({ rank }) => rank),
    found: Float64Array.from(mated, ({ found }) => found),
    otherSubjects: Int32Array.from(others, ({ probe }) => subjectOf[probe]),
    best: Float64Array.from(others, ({ best }) => best),
  };
}

/** All numbers of one draw by their key; undefined if one of them does not exist. */
function numbersOf(
  galleries: readonly RankedSearches[],
  weights: Uint32Array,
  withTpir: boolean,
): Record<string, number> | undefined {
  const numbers: Record<string, number> = {};
  const mated = galleries.map(({ matedSubjects }) => matedSubjects.reduce((sum, subject) => sum + weights[subject], 0));
  const all = mated.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) return undefined;
  for (const limit of ranks) {
    let hits = 0;
    for (const { matedSubjects, ranks: own } of galleries) {
      for (let i = 0; i < own.length; i++) if (own[i] <= Number(limit)) hits += weights[matedSubjects[i]];
    }
    numbers[`rank.${limit}`] = hits / all;
  }
  if (!withTpir) return numbers;
  for (const target of fpirTargets) {
    let sum = 0;
    for (const [i, gallery] of galleries.entries()) {
      const threshold = weightedThreshold(gallery, weights, Number(target));
      if (threshold === undefined || mated[i] === 0) return undefined;
      let hits = 0;
      gallery.found.forEach((found, probe) => {
        if (found > threshold) hits += weights[gallery.matedSubjects[probe]];
      });
      sum += hits / mated[i];
    }
    numbers[`tpir.${target}`] = sum / galleries.length;
  }
  return numbers;
}

/** Entry max(floor(M f) - 1, 0) of the non-mated probes, each as often as its subject was drawn. */
function weightedThreshold({ otherSubjects, best }: RankedSearches, weights: Uint32Array, fpir: number) {
  let total = 0;
  for (const subject of otherSubjects) total += weights[subject];
  if (total === 0) return undefined;
  const entry = Math.max(Math.floor(total * fpir) - 1, 0);
  let passed = 0;
  for (let i = 0; i < best.length; i++) {
    passed += weights[otherSubjects[i]];
    if (passed > entry) return best[i];
  }
  return undefined;
}

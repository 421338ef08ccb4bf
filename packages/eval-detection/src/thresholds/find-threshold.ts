import { ProtocolError } from '@retinabench/core/basics';
import type { OperatingCounts, OperatingCurve } from './operating-curve.js';

/** What a user may want of a detector. */
export const wantedRates = ['precision', 'recall', 'fppi', 'f1', 'score'] as const;

/** A rate to be reached, the score of the highest F1, or a given score. */
export type Wanted =
  | { readonly rate: (typeof wantedRates)[number]; readonly value: number }
  | { readonly rate: 'f1'; readonly value: 'best' };

/** The score that gives what is wanted, or the nearest that there is. */
export type FoundThreshold =
  | { readonly found: true; readonly point: OperatingCounts }
  | { readonly found: false; readonly nearest: OperatingCounts; readonly reached: number };

/**
 * Read a wanted rate: `precision=0.95`, `recall=0.8`, `fppi=0.1`, `f1=0.7`, `f1=best`, `score=0.5`.
 *
 * @throws {ProtocolError} if it is none of these, or the value is out of range.
 */
export function parseWanted(text: string): Wanted {
  const [name, argument, ...rest] = text.split('=');
  const rate = wantedRates.find((known) => known === name.trim());
  if (rate === 'f1' && argument?.trim() === 'best') return { rate, value: 'best' };
  const value = argument === undefined || argument.trim() === '' ? Number.NaN : Number(argument);
  const isInRange =
    rate === 'score' ? Number.isFinite(value) : value > 0 && (rate === 'fppi' ? Number.isFinite(value) : value <= 1);
  if (rate === undefined || rest.length > 0 || !isInRange) {
    throw new ProtocolError(
      `wanted rate: expected precision=0.95, recall=0.8, fppi=0.1, f1=0.7, f1=best or score=0.5 (shares above 0 and up to 1), got ${JSON.stringify(text)}`,
    );
  }
  return { rate, value };
}

/** A wanted rate as text that `parseWanted` reads. */
export function formatWanted({ rate, value }: Wanted): string {
  return `${rate}=${value}`;
}

/**
 * The score at which a detector does what is wanted of it.
 *
 * - `precision`, `fppi`: the lowest score that holds it (precision at least, FPPI at most), and so the most faces. Precision
 *   may dip below it at a higher score.
 * - `recall`: the highest score that reaches it, and so the fewest false positives.
 * - `f1`: the highest score of at least that F1; `best`: that of the highest F1, the higher score on a tie.
 * - `score`: that score itself.
 *
 * @returns where no score gives it, the one that comes nearest and what it reaches.
 * @throws {ProtocolError} if the curve has no detection, or counts no face where faces are asked for.
 * Cost: O(scores); for recall, FPPI and a given score O(log scores).
 */
export function findThreshold(curve: OperatingCurve, wanted: Wanted): FoundThreshold {
  const { scores, faces } = curve;
  if (scores.length === 0)
    throw new ProtocolError('operating points: no detection counts, so that no score can be found');
  if (faces === 0 && (wanted.rate === 'recall' || wanted.rate === 'f1')) {
    throw new ProtocolError(`operating points: no face counts, so that ${wanted.rate} does not exist`);
  }
  if (wanted.rate === 'score') return { found: true, point: countsAt(curve, wanted.value) };
  const rateOf = rateFunctions[wanted.rate];
  const sign = wanted.rate === 'fppi' ? -1 : 1;
  const valueAt = (at: number): number =>
    sign * rateOf(curve.truePositives[at], curve.falsePositives[at], faces, curve.images);
  const least = wanted.value === 'best' ? Number.POSITIVE_INFINITY : sign * wanted.value;
  const { held, best } =
    wanted.rate === 'recall'
      ? searchRising(valueAt, least, scores.length)
      : wanted.rate === 'fppi'
        ? searchFalling(valueAt, least, scores.length)
        : scan(valueAt, least, scores.length, wanted.rate === 'precision');
  if (wanted.value === 'best') return { found: true, point: pointOf(curve, best) };
  if (held >= 0) return { found: true, point: pointOf(curve, held) };
  return { found: false, nearest: pointOf(curve, best), reached: sign * valueAt(best) };
}

/** Where a value is held, or -1, and the first place of the highest. */
interface FoundPlace {
  readonly held: number;
  readonly best: number;
}

/** @param prefersLow whether the last place that holds it is taken, not the first. */
function scan(valueAt: (at: number) => number, least: number, count: number, prefersLow: boolean): FoundPlace {
  let held = -1;
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at++) {
    const value = valueAt(at);
    if (value > bestValue) {
      bestValue = value;
      best = at;
    }
    if (value >= least && (held < 0 || prefersLow)) held = at;
  }
  return { held, best };
}

/** The first place of values that never fall. */
function searchRising(valueAt: (at: number) => number, least: number, count: number): FoundPlace {
  const held = firstWhere(count, (at) => valueAt(at) >= least);
  const highest = valueAt(count - 1);
  return { held: held < count ? held : -1, best: firstWhere(count, (at) => valueAt(at) >= highest) };
}

/** The last place of values that never rise. */
function searchFalling(valueAt: (at: number) => number, least: number, count: number): FoundPlace {
  return { held: firstWhere(count, (at) => !(valueAt(at) >= least)) - 1, best: 0 };
}

/** The first of `count` places at which something holds that holds at all later ones; `count` if it never does. */
function firstWhere(count: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rates of a point that has a detection; `operatingRates` without allocation. */
const rateFunctions: Readonly<
  Record<Exclude<Wanted['rate'], 'score'>, (tp: number, fp: number, faces: number, images: number) => number>
> = {
  precision: (tp, fp) => tp / (tp + fp),
  recall: (tp, _, faces) => tp / faces,
  f1: (tp, fp, faces) => (2 * tp) / (tp + fp + faces),
  fppi: (_, fp, __, images) => fp / images,
};

function pointOf({ scores, truePositives, falsePositives }: OperatingCurve, at: number): OperatingCounts {
  return { score: scores[at], truePositives: truePositives[at], falsePositives: falsePositives[at] };
}

/** Counts at a score, whether a detection has it or not. */
function countsAt({ scores, truePositives, falsePositives }: OperatingCurve, score: number): OperatingCounts {
  const low = firstWhere(scores.length, (at) => scores[at] < score);
  return {
    score,
    truePositives: low === 0 ? 0 : truePositives[low - 1],
    falsePositives: low === 0 ? 0 : falsePositives[low - 1],
  };
}

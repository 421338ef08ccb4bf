import { drawUnits, ProtocolError } from '@retinabench/core';
import type { PairIndices } from '../template/resolve-pairs.js';
import { drawsAtOnce, type PairWeights, weighPairs } from './pair-weights.js';
import type { RankedScores } from './ranked-scores.js';
import type { Subjects } from './subjects.js';

/** Scored pairs, ranked, with the subjects behind them. */
export interface RankedPairs {
  readonly ranked: RankedScores;
  /** Float64Array [pairs]: the scores that are ranked. */
  readonly scores: Float64Array;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  readonly pairs: PairIndices;
}

/** TARs of one draw of subjects. */
export interface ResampledTar {
  /** Rule `nearest-all`, one per target. */
  readonly nearest: Float64Array;
  readonly notAbove: Float64Array;
}

/** Subjects of pairs, in the narrower array where it holds them: every draw goes through it. */
type SubjectIndices = Uint16Array | Int32Array;

/** Genuine pairs and the highest impostor pairs in descending score, each with its subjects. */
interface RankedSubjects {
  readonly genuineScores: Float64Array;
  readonly genuineSubjects: Int32Array;
  readonly impostorScores: Float64Array;
  readonly impostorLeft: SubjectIndices;
  readonly impostorRight: SubjectIndices;
  /** Whether these are all impostor pairs. */
  readonly complete: boolean;
}

/**
 * TAR of resamples of the subjects, drawn with replacement as often as there are subjects.
 *
 * A subject drawn w times counts w times: its genuine pairs have weight w, an impostor pair between subjects drawn v
 * and w times has weight v w, and FAR and TAR are weighted shares. Pairs that share a subject thus rise and fall
 * together, which resampling pairs would miss. Each draw picks its own threshold anew.
 *
 * @param runs one or more scorings of the same pairs; every draw is used for all of them, so that their differences are
 * paired.
 * @param subjects of the templates (subjectsOfPairs).
 * @param targets FAR targets.
 * @param random uniform numbers in [0, 1).
 * @returns per run, one result per resample.
 * @throws {ProtocolError} if there are fewer than two subjects or two resamples.
 * Cost: O(resamples x (impostor pairs up to the highest target + distinct pairs of subjects)).
 */
export function resampleTar(
  runs: readonly RankedPairs[],
  subjects: Subjects,
  targets: readonly number[],
  options: { readonly resamples: number; readonly random: () => number },
): ResampledTar[][] {
  const { resamples, random } = options;
  if (!(resamples >= 2) || subjects.count < 2) {
    throw new ProtocolError(
      `bootstrap: expected at least 2 resamples of at least 2 subjects, got ${resamples} of ${subjects.count}`,
    );
  }
  const pairWeights = weighPairs(runs[0].pairs, runs[0].labels, subjects);
  let depth = depthMargin * Math.max(...targets);
  const ranked = runs.map((run) => rankSubjects(run, subjects, depth));
  const results: ResampledTar[][] = runs.map(() => []);
  const walkAll = (weights: Float64Array, totals: PairWeights): void => {
    // A draw without a genuine or an impostor pair has no rates and is drawn again.
    if (totals.genuine === 0 || totals.impostor === 0) return;
    runs.forEach((run, i) => {
      let result = walk(ranked[i], weights, totals, targets);
      while (result === undefined) {
        depth *= 2;
        ranked[i] = rankSubjects(run, subjects, depth);
        result = walk(ranked[i], weights, totals, targets);
      }
      results[i].push(result);
    });
  };
  while (results[0].length < resamples) {
    const draws = Array.from({ length: Math.min(drawsAtOnce, resamples - results[0].length) }, () =>
      drawUnits(new Float64Array(subjects.count), random),
    );
    pairWeights(draws).forEach((totals, draw) => {
      walkAll(draws[draw], totals);
    });
  }
  return results;
}

/** Share of the impostor pairs that is ranked, as a multiple of the highest target; draws that need more rank more. */
const depthMargin = 1.25;

function rankSubjects(run: RankedPairs, { count: subjects, ofTemplate }: Subjects, depth: number): RankedSubjects {
  const { labels, pairs, scores } = run;
  const genuinePairs: number[] = [];
  for (let pair = 0; pair < labels.length; pair++) if (labels[pair] === 1) genuinePairs.push(pair);
  genuinePairs.sort((a, b) => scores[b] - scores[a]);
  const genuine = genuinePairs.length;
  const impostors = labels.length - genuine;
  const kept = Math.min(impostors, Math.ceil(impostors * depth) + 1);
  const subjectIndices = (): SubjectIndices => (subjects <= 1 << 16 ? new Uint16Array(kept) : new Int32Array(kept));
  const result = {
    genuineScores: Float64Array.from(genuinePairs, (pair) => scores[pair]),
    genuineSubjects: Int32Array.from(genuinePairs, (pair) => ofTemplate[pairs.left[pair]]),
    impostorScores: new Float64Array(kept),
    impostorLeft: subjectIndices(),
    impostorRight: subjectIndices(),
    complete: kept === impostors,
  };
  // At most all genuine pairs stand between the impostor pairs that are kept.
  const order = run.ranked.orderUntil(kept + genuine);
  let impostorRank = 0;
  for (let rank = 0; impostorRank < kept; rank++) {
    const pair = order[rank];
    if (labels[pair] === 1) continue;
    result.impostorScores[impostorRank] = scores[pair];
    result.impostorLeft[impostorRank] = ofTemplate[pairs.left[pair]];
    result.impostorRight[impostorRank++] = ofTemplate[pairs.right[pair]];
  }
  return result;
}

/** Impostor pairs that are added at a time. */
const blockPairs = 64;

/**
 * Go down the impostor pairs of one draw until each target is passed. While no impostor pair of some weight is added,
 * FAR stays, and its last point accepts the genuine pairs above the next such pair.
 *
 * @returns undefined if the impostor pairs that were kept end before the highest target is passed.
 */
function walk(
  pairs: RankedSubjects,
  weights: Float64Array,
  totals: PairWeights,
  targets: readonly number[],
): ResampledTar | undefined {
  const { impostorScores, impostorLeft, impostorRight, complete } = pairs;
  const count = impostorScores.length;
  const tarAbove = weighGenuine(pairs, weights, totals.genuine);
  const weightOf = (i: number): number => weights[impostorLeft[i]] * weights[impostorRight[i]];
  const weightOfBlock = (from: number): number => {
    let [first, second, third, fourth] = [0, 0, 0, 0];
    for (let i = from; i < from + blockPairs; i += 4) {
      first += weights[impostorLeft[i]] * weights[impostorRight[i]];
      second += weights[impostorLeft[i + 1]] * weights[impostorRight[i + 1]];
      third += weights[impostorLeft[i + 2]] * weights[impostorRight[i + 2]];
      fourth += weights[impostorLeft[i + 3]] * weights[impostorRight[i + 3]];
    }
    return first + second + third + fourth;
  };
  const notAbove = new Float64Array(targets.length).fill(1);
  const nearest = new Float64Array(targets.length).fill(1);
  let accepted = 0;
  let end = 0;
  for (const target of targets.map((_, i) => i).sort((a, b) => targets[a] - targets[b])) {
    const allowed = weightAllowed(targets[target], totals.impostor);
    // Weights are whole numbers, so that whole blocks add up to the same, in any order.
    while (end + blockPairs <= count) {
      const weight = weightOfBlock(end);
      if (accepted + weight > allowed) break;
      accepted += weight;
      end += blockPairs;
    }
    while (end < count && accepted <= allowed) {
      accepted += weights[impostorLeft[end]] * weights[impostorRight[end]];
      end++;
    }
    if (accepted <= allowed) {
      if (complete) break;
      return undefined;
    }
    // The pair that passed the target, with all pairs of its score: they are accepted together.
    const score = impostorScores[end - 1];
    while (end < count && impostorScores[end] === score) accepted += weightOf(end++);
    let before = accepted;
    for (let i = end - 1; i >= 0 && impostorScores[i] === score; i--) before -= weightOf(i);
    let next = end;
    while (next < count && weightOf(next) === 0) next++;
    if (next === count && !complete) return undefined;

    notAbove[target] = tarAbove(score);
    const later = accepted / totals.impostor - targets[target] <= targets[target] - before / totals.impostor;
    if (!later) nearest[target] = notAbove[target];
    else if (next < count) nearest[target] = tarAbove(impostorScores[next]);
  }
  return { nearest, notAbove };
}

/** The highest weight of impostor pairs whose share of `total` is not above `far`. */
function weightAllowed(far: number, total: number): number {
  let weight = Math.floor(far * total);
  while (weight / total > far) weight--;
  while ((weight + 1) / total <= far) weight++;
  return weight;
}

/** The weighted share of the genuine pairs above a score. */
function weighGenuine(
  { genuineScores, genuineSubjects }: RankedSubjects,
  weights: Float64Array,
  total: number,
): (score: number) => number {
  const sums = new Float64Array(genuineScores.length + 1);
  for (let i = 0; i < genuineScores.length; i++) sums[i + 1] = sums[i] + weights[genuineSubjects[i]];
  return (score) => {
    let low = 0;
    let high = genuineScores.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (genuineScores[middle] > score) low = middle + 1;
      else high = middle;
    }
    return sums[low] / total;
  };
}

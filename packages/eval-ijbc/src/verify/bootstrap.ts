import { ProtocolError } from '@retinabench/core';
import type { PairIndices } from '../score/score-pairs.js';
import { type PairWeights, weighPairs } from './pair-weights.js';
import type { Subjects } from './subjects.js';

/** Scored pairs, ranked, with the subjects behind them. */
export interface RankedPairs {
  readonly scores: Float64Array;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
  /** rankScores(scores). */
  readonly order: Uint32Array;
  readonly pairs: PairIndices;
}

/** TARs of one draw of subjects. */
export interface ResampledTar {
  /** Rule `nearest-all`, one per target. */
  readonly nearest: Float64Array;
  readonly notAbove: Float64Array;
}

/** Genuine pairs and the highest impostor pairs in descending score, each with its subjects. */
interface RankedSubjects {
  readonly genuineScores: Float64Array;
  readonly genuineSubjects: Int32Array;
  readonly impostorScores: Float64Array;
  readonly impostorLeft: Int32Array;
  readonly impostorRight: Int32Array;
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
  const depth = 2 * Math.max(...targets);
  const ranked = runs.map((run) => rankSubjects(run, subjects, depth));
  const results: ResampledTar[][] = runs.map(() => []);
  const weights = new Uint32Array(subjects.count);
  while (results[0].length < resamples) {
    weights.fill(0);
    for (let draw = 0; draw < subjects.count; draw++) weights[Math.floor(random() * subjects.count)]++;
    const totals = pairWeights(weights);
    // A draw without a genuine or an impostor pair has no rates and is drawn again.
    if (totals.genuine === 0 || totals.impostor === 0) continue;
    runs.forEach((run, i) => {
      let result = walk(ranked[i], weights, totals, targets);
      if (result === undefined) {
        ranked[i] = rankSubjects(run, subjects, 1);
        result = walk(ranked[i], weights, totals, targets)!;
      }
      results[i].push(result);
    });
  }
  return results;
}

function rankSubjects(run: RankedPairs, { ofTemplate }: Subjects, depth: number): RankedSubjects {
  const { scores, labels, order, pairs } = run;
  let genuine = 0;
  for (let pair = 0; pair < labels.length; pair++) genuine += labels[pair];
  const impostors = labels.length - genuine;
  const kept = Math.min(impostors, Math.ceil(impostors * depth) + 1);
  const result = {
    genuineScores: new Float64Array(genuine),
    genuineSubjects: new Int32Array(genuine),
    impostorScores: new Float64Array(kept),
    impostorLeft: new Int32Array(kept),
    impostorRight: new Int32Array(kept),
    complete: kept === impostors,
  };
  let genuineRank = 0;
  let impostorRank = 0;
  for (const pair of order) {
    if (labels[pair] === 1) {
      result.genuineScores[genuineRank] = scores[pair];
      result.genuineSubjects[genuineRank++] = ofTemplate[pairs.left[pair]];
    } else if (impostorRank < kept) {
      result.impostorScores[impostorRank] = scores[pair];
      result.impostorLeft[impostorRank] = ofTemplate[pairs.left[pair]];
      result.impostorRight[impostorRank++] = ofTemplate[pairs.right[pair]];
    } else if (genuineRank === genuine) break;
  }
  return result;
}

/**
 * Go down the impostor pairs of one draw. Between two groups of equal impostor scores FAR stays, and its last point
 * accepts the genuine pairs above the next group.
 *
 * @returns undefined if the impostor pairs that were kept end before the highest target is passed.
 */
function walk(
  ranked: RankedSubjects,
  weights: Uint32Array,
  totals: PairWeights,
  targets: readonly number[],
): ResampledTar | undefined {
  const { impostorScores, impostorLeft, impostorRight, complete } = ranked;
  const count = impostorScores.length;
  const genuineAbove = weighGenuine(ranked, weights);
  const ascending = targets.map((_, i) => i).sort((a, b) => targets[a] - targets[b]);
  const notAbove = new Float64Array(targets.length);
  const nearest = new Float64Array(targets.length);
  const waiting: number[] = [];
  let before = 0;
  let accepted = 0;
  let next = 0;
  for (let i = 0; i < count; ) {
    const score = impostorScores[i];
    let group = 0;
    do group += weights[impostorLeft[i]] * weights[impostorRight[i]];
    while (++i < count && impostorScores[i] === score);
    if (group === 0) continue;
    if (i === count && !complete) return undefined;
    const tar = genuineAbove(score) / totals.genuine;
    for (const target of waiting.splice(0)) nearest[target] = tar;
    if (next === targets.length) return { nearest, notAbove };
    before = accepted;
    accepted += group;
    while (next < targets.length && accepted / totals.impostor > targets[ascending[next]]) {
      const target = ascending[next++];
      notAbove[target] = tar;
      if (accepted / totals.impostor - targets[target] <= targets[target] - before / totals.impostor) {
        waiting.push(target);
      } else nearest[target] = tar;
    }
  }
  if (!complete) return undefined;
  for (const target of waiting) nearest[target] = 1;
  for (; next < targets.length; next++) {
    notAbove[ascending[next]] = 1;
    nearest[ascending[next]] = 1;
  }
  return { nearest, notAbove };
}

/** Weight of the genuine pairs above a score, for scores asked in descending order. */
function weighGenuine(
  { genuineScores, genuineSubjects }: RankedSubjects,
  weights: Uint32Array,
): (score: number) => number {
  let rank = 0;
  let sum = 0;
  return (score) => {
    while (rank < genuineScores.length && genuineScores[rank] > score) sum += weights[genuineSubjects[rank++]];
    return sum;
  };
}

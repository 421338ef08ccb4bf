import { seededRandom } from '@retinabench/core';
import { drawsDifference, type Interval } from '@retinabench/results';
import type { PairIndices } from '../template/resolve-pairs.js';
import { resampleTar } from './bootstrap.js';
import { farTargets, pickPoints, type ThresholdRule } from './pick.js';
import { RankedScores } from './ranked-scores.js';
import { computeRoc } from './roc.js';
import { countGenuineSubjects, type Subjects } from './subjects.js';
import { farTargetValues } from './verify.js';

/** TAR of one scoring less TAR of another on the same pairs. */
export interface TarDifference {
  /** candidate - baseline, -1..1. */
  readonly difference: number;
  /** 95 % paired interval (drawsDifference): both see the same resampled subjects. */
  readonly interval: Interval;
}

/** Two scorings of the same pairs. */
export interface ScoredTwice {
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
  readonly labels: Uint8Array;
  readonly pairs: PairIndices;
  readonly subjects: Subjects;
}

/**
 * The paired difference in TAR at every FAR target; each scoring has thresholds of its own.
 *
 * @param rule of the difference itself; the interval of `nearest` is that of `nearest-all`, as in verify.
 * @throws {ShapeError}, {DatasetError}, {ProtocolError} as computeRoc and resampleTar.
 */
export function tarDifference(
  { baseline, candidate, labels, pairs, subjects }: ScoredTwice,
  rule: ThresholdRule,
  options: { readonly resamples: number; readonly seed: number },
): Readonly<Record<string, TarDifference>> {
  const runs = [baseline, candidate].map((scores) => ({ ranked: new RankedScores(scores), scores, labels, pairs }));
  const [before, after] = runs.map(({ ranked, scores }) => {
    const roc = computeRoc(ranked, scores, labels);
    return pickPoints(roc, farTargetValues, rule).map((point) => roc.trueAccepts(point) / roc.genuine);
  });
  const [drawsBefore, drawsAfter] = resampleTar(runs, subjects, farTargetValues, {
    resamples: options.resamples,
    random: seededRandom(options.seed),
  }).map((draws) => draws.map((draw) => (rule === 'not-above' ? draw.notAbove : draw.nearest)));
  const units = countGenuineSubjects(pairs, labels, subjects);
  return Object.fromEntries(
    farTargets.map((target, i) => {
      const { difference, interval } = drawsDifference({
        baseline: before[i],
        candidate: after[i],
        baselineDraws: drawsBefore.map((draw) => draw[i]),
        candidateDraws: drawsAfter.map((draw) => draw[i]),
        units,
      });
      return [target, { difference, interval }];
    }),
  );
}

import {
  clopperPearsonInterval,
  type Interval,
  intervalHolding,
  percentileInterval,
  type TarAtFar,
} from '@retinabench/results';
import type { PairIndices } from '../template/resolve-pairs.js';
import { type ResampledTar, resampleTar } from './bootstrap.js';
import { farTargets, pickPoints, type ThresholdRule, thresholdRules } from './pick.js';
import { RankedScores } from './ranked-scores.js';
import { computeRoc, type Roc } from './roc.js';
import type { Subjects } from './subjects.js';
import {
  areaUnderRoc,
  equalErrorRate,
  type RocCurve,
  type ScoreHistogram,
  scoreHistogram,
  thinRoc,
} from './summary.js';

/** TAR of every FAR target by the target's name (`1e-6` ... `1e-1`). */
export type TarTable = Readonly<Record<string, TarAtFar>>;

/** The result of 1:1 verification. */
export interface Verification {
  readonly genuine: number;
  readonly impostors: number;
  readonly tar: Readonly<Record<ThresholdRule, TarTable>>;
  /** Equal error rate, 0..1. */
  readonly eer: number;
  /** Area under the ROC, 0..1. */
  readonly auc: number;
  readonly roc: RocCurve;
  readonly histogram: ScoreHistogram;
  /** TAR of every draw of subjects by the target's name, as `interval` of rule `nearest` is made of; absent without one. */
  readonly draws?: Readonly<Record<string, readonly number[]>>;
}

/** The subjects behind the pairs, for intervals of the TAR. */
export interface SubjectResampling {
  readonly pairs: PairIndices;
  readonly subjects: Subjects;
  readonly resamples: number;
  readonly random: () => number;
}

/** FAR targets as numbers, in the order of `farTargets`. */
export const farTargetValues: readonly number[] = farTargets.map(Number);

const histogramBins = 100;
const rocPointsPerDecade = 20;

/**
 * Verification on scored pairs: exact TAR at FAR 1e-6 ... 1e-1 by every rule, ROC, EER and histograms.
 *
 * @param scores Float64Array [pairs], finite.
 * @param labels Uint8Array [pairs]: 1 genuine, 0 impostor.
 * @param resampling makes `interval`, the 95 % percentile interval over subjects; absent, TARs have none. Of rule
 * `nearest` it is that of `nearest-all`: dropping points on lines has no weighted counterpart.
 * @throws {ShapeError} or {DatasetError} as computeRoc.
 * Cost: O(pairs); 15.7 million pairs take half a second without the intervals.
 */
export function verify(scores: Float64Array, labels: Uint8Array, resampling?: SubjectResampling): Verification {
  const ranked = new RankedScores(scores);
  const roc = computeRoc(ranked, scores, labels);
  const draws =
    resampling === undefined
      ? undefined
      : resampleTar(
          [{ ranked, scores, labels, pairs: resampling.pairs }],
          resampling.subjects,
          farTargetValues,
          resampling,
        )[0];
  const table = (rule: ThresholdRule): TarTable => tarTable(roc, rule, draws);
  const [nearest, nearestAll, notAbove] = thresholdRules.map(table);
  return {
    genuine: roc.genuine,
    impostors: roc.impostors,
    tar: { nearest, 'nearest-all': nearestAll, 'not-above': notAbove },
    eer: equalErrorRate(roc),
    auc: areaUnderRoc(roc),
    roc: thinRoc(roc, rocPointsPerDecade),
    histogram: scoreHistogram(scores, labels, histogramBins),
    ...(draws === undefined
      ? {}
      : { draws: Object.fromEntries(farTargets.map((target, i) => [target, draws.map(({ nearest: at }) => at[i])])) }),
  };
}

function tarTable(roc: Roc, rule: ThresholdRule, draws: readonly ResampledTar[] | undefined): TarTable {
  const picked = pickPoints(roc, farTargetValues, rule);
  return Object.fromEntries(
    picked.map((point, i) => {
      const impostors = roc.falseAccepts(point);
      const tar = roc.trueAccepts(point) / roc.genuine;
      const result: TarAtFar = {
        tar,
        achievedFar: impostors / roc.impostors,
        threshold: roc.threshold(point),
        impostors,
        farInterval: clopperPearsonInterval(impostors, roc.impostors),
        ...(impostors < fewestDeciding ? { unresolved: true as const } : {}),
        ...(draws === undefined ? {} : { interval: tarInterval(draws, rule, i, tar) }),
      };
      return [farTargets[i], result];
    }),
  );
}

/** Impostor pairs at or above a threshold under which its TAR says little: the tenth pair moves the FAR by a tenth. */
const fewestDeciding = 10;

/**
 * The percentile interval, widened to hold the TAR itself: where few pairs decide, the TAR of the draws can lie wholly on one
 * side of it, and that of `nearest` is of another point than that of the draws.
 */
function tarInterval(draws: readonly ResampledTar[], rule: ThresholdRule, target: number, tar: number): Interval {
  const values = draws.map((draw) => (rule === 'not-above' ? draw.notAbove : draw.nearest)[target]);
  return intervalHolding(percentileInterval(values), tar);
}

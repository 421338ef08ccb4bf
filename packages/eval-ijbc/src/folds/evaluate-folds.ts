import { ProtocolError, ShapeError } from '@retinabench/core';

/** Pairs of faces with the distance of their features. */
export interface DistancePairs {
  /** Float64Array [pairs]: squared distance of features of length 1, 0..4. */
  readonly distances: Float64Array;
  /** Uint8Array [pairs]: 1 genuine, 0 impostor. */
  readonly labels: Uint8Array;
}

/** One fold, judged by thresholds that the other folds chose. */
export interface Fold {
  readonly pairs: number;
  readonly threshold: number;
  /** 0..1. */
  readonly accuracy: number;
  /** Threshold of the wanted FAR on the other folds, 0 if they never reach it; TAR and FAR of this fold there. */
  readonly thresholdAtFar: number;
  readonly tar: number;
  readonly far: number;
}

/** Mean over folds with its population standard deviation, as papers report it. */
export interface FoldMean {
  readonly mean: number;
  readonly deviation: number;
}

/** Verification in folds. */
export interface FoldEvaluation {
  readonly folds: readonly Fold[];
  readonly accuracy: FoldMean;
  readonly tar: FoldMean;
  /** Mean FAR of the folds at their thresholds: how far it is from the one that was wanted. */
  readonly farReached: number;
  readonly genuine: number;
  readonly impostors: number;
}

/** Steps of the thresholds: 0.01 for accuracy, 0.001 for TAR, both up to 4, the largest distance. */
const accuracySteps = { step: 0.01, count: 400 };
const tarSteps = { step: 0.001, count: 4000 };

/**
 * Verification in consecutive folds, as LFW, CFP-FP and AgeDB-30 are reported: on all folds but one the threshold of the
 * highest accuracy is chosen, of equal ones the lowest, and accuracy is measured on that one. A pair is accepted below the threshold.
 * TAR at a FAR likewise: the threshold is interpolated linearly between the last of the grid whose FAR is below the wanted one and the
 * first that reaches it.
 *
 * @param foldCount at least 2; the first pairs.length % foldCount folds have one pair more.
 * @param farTarget above 0.
 * @throws {ShapeError} if distances and labels differ in number.
 * @throws {ProtocolError} if there are fewer pairs than folds, or a fold lacks genuine or impostor pairs.
 * Cost: O(pairs + folds x thresholds) from counts by threshold.
 * Source: verification.py of InsightFace (thresholds, folds, population deviation); KFold of scikit-learn, not shuffled.
 */
export function evaluateFolds(
  { distances, labels }: DistancePairs,
  foldCount: number,
  farTarget: number,
): FoldEvaluation {
  if (distances.length !== labels.length) {
    throw new ShapeError(`folds: expected one label for each of ${distances.length} distances, got ${labels.length}`);
  }
  if (foldCount < 2 || distances.length < foldCount) {
    throw new ProtocolError(
      `folds: expected at least 2 folds of at least one pair, got ${foldCount} of ${distances.length} pairs`,
    );
  }
  const starts = foldStarts(distances.length, foldCount);
  const ranges = Array.from({ length: foldCount }, (_, fold) => [starts[fold], starts[fold + 1]] as const);
  const byAccuracy = ranges.map(([from, to]) => countBelow(distances, labels, from, to, accuracySteps));
  const byTar = ranges.map(([from, to]) => countBelow(distances, labels, from, to, tarSteps));
  ranges.forEach((_, fold) => {
    const { genuine, impostors } = byTar[fold];
    if (genuine === 0 || impostors === 0) {
      throw new ProtocolError(
        `folds: expected genuine and impostor pairs in every fold, got ${genuine} and ${impostors} in fold ${fold + 1}; are the pairs in the order of their folds?`,
      );
    }
  });
  const folds = ranges.map(([from, to], fold): Fold => {
    const training = sumOthers(byAccuracy, fold);
    const best = bestThreshold(training);
    const own = byAccuracy[fold];
    const thresholdAtFar = thresholdOfFar(sumOthers(byTar, fold), farTarget);
    const { tar, far } = ratesBelow(distances, labels, from, to, thresholdAtFar);
    return {
      pairs: to - from,
      threshold: best * accuracySteps.step,
      accuracy: correct(own, best) / (to - from),
      thresholdAtFar,
      tar,
      far,
    };
  });
  return {
    folds,
    accuracy: meanOf(folds.map(({ accuracy }) => accuracy)),
    tar: meanOf(folds.map(({ tar }) => tar)),
    farReached: meanOf(folds.map(({ far }) => far)).mean,
    genuine: byTar.reduce((sum, { genuine }) => sum + genuine, 0),
    impostors: byTar.reduce((sum, { impostors }) => sum + impostors, 0),
  };
}

function foldStarts(pairs: number, folds: number): number[] {
  const size = Math.floor(pairs / folds);
  const larger = pairs % folds;
  return Array.from({ length: folds + 1 }, (_, fold) => fold * size + Math.min(fold, larger));
}

/** Pairs below each threshold of a grid. */
interface Counts {
  readonly genuine: number;
  readonly impostors: number;
  readonly genuineBelow: Float64Array;
  readonly impostorsBelow: Float64Array;
  readonly step: number;
}

function countBelow(
  distances: Float64Array,
  labels: Uint8Array,
  from: number,
  to: number,
  { step, count }: typeof tarSteps,
): Counts {
  const below = [new Float64Array(count), new Float64Array(count)];
  const totals = [0, 0];
  for (let pair = from; pair < to; pair++) {
    totals[labels[pair]]++;
    // The first threshold i * step that is above the distance, found by its rounded product as the grid has it.
    let first = Math.max(0, Math.floor(distances[pair] / step) - 1);
    while (first < count && first * step <= distances[pair]) first++;
    if (first < count) below[labels[pair]][first]++;
  }
  for (const counts of below) for (let i = 1; i < count; i++) counts[i] += counts[i - 1];
  return { genuine: totals[1], impostors: totals[0], genuineBelow: below[1], impostorsBelow: below[0], step };
}

function sumOthers(counts: readonly Counts[], left: number): Counts {
  const others = counts.filter((_, fold) => fold !== left);
  const sum = (of: (counts: Counts) => Float64Array): Float64Array =>
    of(others[0]).map((_, i) => others.reduce((total, fold) => total + of(fold)[i], 0));
  return {
    genuine: others.reduce((total, { genuine }) => total + genuine, 0),
    impostors: others.reduce((total, { impostors }) => total + impostors, 0),
    genuineBelow: sum(({ genuineBelow }) => genuineBelow),
    impostorsBelow: sum(({ impostorsBelow }) => impostorsBelow),
    step: others[0].step,
  };
}

/** Pairs that a threshold judges rightly. */
function correct({ genuineBelow, impostorsBelow, impostors }: Counts, threshold: number): number {
  return genuineBelow[threshold] + impostors - impostorsBelow[threshold];
}

function bestThreshold(counts: Counts): number {
  let best = 0;
  for (let i = 1; i < counts.genuineBelow.length; i++) if (correct(counts, i) > correct(counts, best)) best = i;
  return best;
}

function thresholdOfFar({ impostorsBelow, impostors, step }: Counts, target: number): number {
  const above = impostorsBelow.findIndex((count) => count / impostors >= target);
  if (above < 0) return 0;
  if (above === 0) return 0;
  const [low, high] = [impostorsBelow[above - 1] / impostors, impostorsBelow[above] / impostors];
  const [from, to] = [(above - 1) * step, above * step];
  return from + ((to - from) / (high - low)) * (target - low);
}

function ratesBelow(
  distances: Float64Array,
  labels: Uint8Array,
  from: number,
  to: number,
  threshold: number,
): { tar: number; far: number } {
  const accepted = [0, 0];
  const totals = [0, 0];
  for (let pair = from; pair < to; pair++) {
    totals[labels[pair]]++;
    if (distances[pair] < threshold) accepted[labels[pair]]++;
  }
  return { tar: accepted[1] / totals[1], far: accepted[0] / totals[0] };
}

function meanOf(values: readonly number[]): FoldMean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

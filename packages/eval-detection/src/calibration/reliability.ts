import { ProtocolError } from '@retinabench/core/basics';
import { type Binning, binScores } from './bin-edges.js';
import { type JudgedDetections, outcomeOf } from './judged-detections.js';

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  /** Detections. */
  readonly count: number;
  /** Mean score and share of hits of them; absent where there are none. */
  readonly meanScore?: number;
  readonly precision?: number;
}

/** How far the scores of detections are the share of them that is right. */
export interface Reliability {
  readonly binning: Binning;
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: mean of |mean score - precision| over the bins, by count. */
  readonly ece: number;
  /** Maximum calibration error: the largest of a bin that is not empty. */
  readonly mce: number;
  /** Mean squared difference of score and correctness. */
  readonly brier: number;
  readonly meanScore: number;
  readonly precision: number;
  /** Detections that count. */
  readonly detections: number;
}

/** Scores and correctness of the detections that are not ignored. */
export interface CountedScores {
  readonly scores: Float64Array;
  /** Uint8Array, 1 for a hit. */
  readonly correct: Uint8Array;
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
}

/** The detections that count, without the ignored ones. */
export function countedScores({ start, scores, outcomes }: JudgedDetections): CountedScores {
  const kept = new Float64Array(scores.length);
  const correct = new Uint8Array(scores.length);
  const from = new Int32Array(start.length);
  let count = 0;
  for (let image = 0; image + 1 < start.length; image++) {
    for (let index = start[image]; index < start[image + 1]; index++) {
      if (outcomes[index] === outcomeOf.ignored) continue;
      kept[count] = scores[index];
      correct[count++] = outcomes[index] === outcomeOf.hit ? 1 : 0;
    }
    from[image + 1] = count;
  }
  return { scores: kept.slice(0, count), correct: correct.slice(0, count), start: from };
}

/**
 * The reliability diagram of detections with its summary numbers. It says what precision a score means and nothing of
 * faces that were missed.
 *
 * @throws {ProtocolError} if no detection counts, or as binScores.
 * Cost: that of binScores, and one pass.
 * Source: Naeini, Cooper, Hauskrecht (2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning", for ECE and
 * MCE; Brier (1950).
 */
export function reliability(
  { scores, correct }: Pick<CountedScores, 'scores' | 'correct'>,
  binning: Binning,
  binCount: number,
): Reliability {
  const { edges, binOf } = binScores(scores, binning, binCount);
  if (!scores.every(Number.isFinite)) throw new ProtocolError('calibration: expected finite scores');
  const counts = new Float64Array(binCount);
  const sums = new Float64Array(binCount);
  const hits = new Float64Array(binCount);
  let squares = 0;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index];
    const bin = binOf(score);
    counts[bin]++;
    sums[bin] += score;
    hits[bin] += correct[index];
    squares += (score - correct[index]) ** 2;
  }
  const detections = scores.length;
  let ece = 0;
  let mce = 0;
  const bins = Array.from(counts, (count, bin): ReliabilityBin => {
    const place = { low: edges[bin], high: edges[bin + 1], count };
    if (count === 0) return place;
    const [meanScore, precision] = [sums[bin] / count, hits[bin] / count];
    const gap = Math.abs(meanScore - precision);
    ece += (count / detections) * gap;
    mce = Math.max(mce, gap);
    return { ...place, meanScore, precision };
  });
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  return {
    binning,
    bins,
    ece,
    mce,
    brier: squares / detections,
    meanScore: total(sums) / detections,
    precision: total(hits) / detections,
    detections,
  };
}

import { ProtocolError } from '@retinabench/core/basics';

/**
 * How scores are divided: bins of equal width over 0..1, of equal counts, or of equal width from the lowest to the highest
 * score.
 */
export const binnings = ['equal-width', 'quantile', 'observed-range'] as const;
export type Binning = (typeof binnings)[number];

/** Bins of scores: bin b goes from edges[b] to edges[b + 1]. */
export interface ScoreBins {
  /** Float64Array [bins + 1], not decreasing. */
  readonly edges: Float64Array;
  /** The bin of a score. */
  readonly binOf: (score: number) => number;
}

/**
 * Divide scores into bins.
 *
 * - `equal-width`: edges k / n; bin floor(score n), a score of 1 in the last. Needs scores from 0 to 1.
 * - `quantile`: edges are the quantiles k / n of the scores by the R-7 rule; a score on an edge belongs to the bin above.
 * - `observed-range`: n equal steps from the lowest to the highest score; a score on an edge belongs to the bin above.
 *
 * @param scores finite, at least one, in any order.
 * @throws {ProtocolError} if there is no score, `bins` is not a whole number from 1 to 1000, or a score lies outside 0..1
 * with `equal-width`.
 * Cost: O(n log n) for `quantile`, else O(n).
 */
export function binScores(scores: Float64Array, binning: Binning, bins: number): ScoreBins {
  if (scores.length === 0)
    throw new ProtocolError('calibration: expected at least one detection that counts, got none');
  if (!Number.isInteger(bins) || bins < 1 || bins > 1000) {
    throw new ProtocolError(`calibration: expected 1 to 1000 bins, got ${bins}`);
  }
  if (binning === 'equal-width') return equalWidth(scores, bins);
  const edges = binning === 'quantile' ? quantiles(scores, bins) : steps(scores, bins);
  return { edges, binOf: (score) => binAbove(edges, score) };
}

function equalWidth(scores: Float64Array, bins: number): ScoreBins {
  const outside = scores.find((score) => !(score >= 0 && score <= 1));
  if (outside !== undefined) {
    throw new ProtocolError(
      `calibration: bins of equal width need scores from 0 to 1, got ${outside}; turn logits into probabilities (--scores logit), or take --binning quantile`,
    );
  }
  return {
    edges: Float64Array.from({ length: bins + 1 }, (_, edge) => edge / bins),
    binOf: (score) => Math.min(Math.floor(score * bins), bins - 1),
  };
}

function quantiles(scores: Float64Array, bins: number): Float64Array {
  const sorted = scores.slice().sort();
  return Float64Array.from({ length: bins + 1 }, (_, edge) => {
    const position = ((sorted.length - 1) * edge) / bins;
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  });
}

function steps(scores: Float64Array, bins: number): Float64Array {
  let low = scores[0];
  let high = scores[0];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return Float64Array.from({ length: bins + 1 }, (_, edge) =>
    edge === bins ? high : low + ((high - low) * edge) / bins,
  );
}

/** The last bin whose lower edge is at most `score`; what is above the last edge goes to the last bin, below the first to the first. */
function binAbove(edges: Float64Array, score: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= score) low = middle;
    else high = middle;
  }
  return low;
}

import { ProtocolError } from '@retinabench/core/basics';
import { rankDetections } from '@retinabench/results';
import type { ScoreMap } from './temperature.js';

/** A map that rises in steps: scores from `from[i]` up to `from[i + 1]` become `to[i]`. */
export interface IsotonicSteps {
  /** Ascending. */
  readonly from: readonly number[];
  /** Ascending, 0..1. */
  readonly to: readonly number[];
}

/**
 * Fit the rising step function of least squared error: the share of hits among neighbours, pooled wherever it would fall.
 *
 * @param scores  finite, at least one, in any order.
 * @param correct Uint8Array, 1 for a hit.
 * @returns the steps; equal scores share one.
 * @throws {ProtocolError} if there is no score.
 * Cost: O(n log n); O(n) for ascending scores.
 * Source: the pool-adjacent-violators algorithm (Ayer, Brunk, Ewing, Reid, Silverman, 1955); for classifiers, Zadrozny and
 * Elkan (2002).
 */
export function fitIsotonic(scores: Float64Array, correct: Uint8Array): IsotonicSteps {
  if (scores.length === 0) throw new ProtocolError('isotonic fit: expected at least one detection, got none');
  const order = ascendingOrder(scores);
  const from: number[] = [];
  const hits: number[] = [];
  const counts: number[] = [];
  for (const index of order) {
    if (from.at(-1) === scores[index]) {
      hits[hits.length - 1] += correct[index];
      counts[counts.length - 1]++;
    } else {
      from.push(scores[index]);
      hits.push(correct[index]);
      counts.push(1);
    }
  }
  let blocks = 0;
  for (let next = 0; next < from.length; next++) {
    [from[blocks], hits[blocks], counts[blocks]] = [from[next], hits[next], counts[next]];
    while (blocks > 0 && hits[blocks - 1] * counts[blocks] >= hits[blocks] * counts[blocks - 1]) {
      hits[blocks - 1] += hits[blocks];
      counts[blocks - 1] += counts[blocks];
      blocks--;
    }
    blocks++;
  }
  return { from: from.slice(0, blocks), to: hits.slice(0, blocks).map((hit, block) => hit / counts[block]) };
}

/** Indices of scores from the lowest up; nothing is sorted that is. */
export function ascendingOrder(scores: Float64Array): Int32Array {
  if (scores.every((score, index) => index === 0 || score >= scores[index - 1])) {
    return new Int32Array(scores.length).map((_, index) => index);
  }
  const ranges = { first: Int32Array.of(0), end: Int32Array.of(scores.length) };
  return rankDetections(scores, ranges).detection.reverse();
}

/** The map of the steps; what is below the first takes its value. */
export function isotonicMap({ from, to }: IsotonicSteps): ScoreMap {
  return (score) => {
    let low = 0;
    let high = from.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (from[middle] <= score) low = middle;
      else high = middle;
    }
    return to[low];
  };
}

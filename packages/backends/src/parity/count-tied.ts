import type { Detections } from '../detector/detections.js';

/** Scores that lie no further apart differ by the rounding of float32 alone. */
const roundingOfScores = 1e-6;

/**
 * How many detections share their score, but for a rounding, with another: which of them suppresses which depends on a last bit, so
 * that a backend whose outputs are right may keep others.
 *
 * @param scores descending, as detections are.
 * Cost: O(detections).
 */
export function countTied({ count, scores }: Pick<Detections, 'count' | 'scores'>): number {
  const isAlike = (at: number): boolean => at > 0 && at < count && scores[at - 1] - scores[at] <= roundingOfScores;
  let tied = 0;
  for (let at = 0; at < count; at++) if (isAlike(at) || isAlike(at + 1)) tied++;
  return tied;
}

import type { DistancePairs, FoldEvaluation } from './evaluate-folds.js';

/**
 * Which pairs are judged rightly, each by the threshold of its fold: those that accuracy counts.
 *
 * @param folds of evaluateFolds on the same pairs.
 * @returns Uint8Array [pairs]: 1 where accepted and genuine, or refused and impostor.
 */
export function correctPairs(
  { distances, labels }: DistancePairs,
  { folds }: Pick<FoldEvaluation, 'folds'>,
): Uint8Array {
  const correct = new Uint8Array(distances.length);
  let pair = 0;
  for (const { pairs, threshold } of folds) {
    for (const end = pair + pairs; pair < end; pair++) {
      correct[pair] = Number(distances[pair] < threshold) === labels[pair] ? 1 : 0;
    }
  }
  return correct;
}

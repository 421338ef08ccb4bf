import { formatCount } from '@retinabench/results';
import type { Diagnosis } from './diagnosis.js';

/** Detector scores that turn a feature around: those below zero. */
export function diagnoseDetectorScores(scores: Float32Array, names: readonly string[]): Diagnosis[] {
  const first = scores.findIndex((score) => score < 0);
  if (first < 0) return [];
  const count = scores.reduce((sum, score) => sum + (score < 0 ? 1 : 0), 0);
  return [
    {
      code: 'detector-scores-negative',
      level: 'warning',
      evidence: `${formatCount(count)} of ${formatCount(scores.length)} detector scores are below 0, first that of ${names[first]} (${scores[first]})`,
      effect: 'the feature of such an image counts against its own template',
      fix: 'give probabilities, not logits, or --detector-score ignore',
    },
  ];
}

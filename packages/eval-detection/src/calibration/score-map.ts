import { ProtocolError } from '@retinabench/core';
import { isotonicMap } from './isotonic.js';
import type { scoreMapKinds } from './score-map-kinds.js';
import type { ScoreMap } from './temperature.js';

/** One of `scoreMapKinds`. */
export type ScoreMapKind = (typeof scoreMapKinds)[number];

/** A map of scores by its parameters. */
export type FittedMap =
  | { readonly kind: 'temperature'; readonly temperature: number }
  | { readonly kind: 'isotonic'; readonly from: readonly number[]; readonly to: readonly number[] };

/** From here to 0 and 1 the logit goes on straight, so that it stays finite and never stops rising. */
const nearestToEnds = 1e-6;

const logitThere = Math.log((1 - nearestToEnds) / nearestToEnds);

const slopeThere = 1 / (nearestToEnds * (1 - nearestToEnds));

/**
 * The map that the parameters give, from scores of 0 to 1 to shares of right detections.
 *
 * A temperature rises strictly: it keeps the order of the detections, and so COCO's and VOC's AP, as far as the numbers of the
 * machine can tell the results apart. Between 1e-6 and 1 - 1e-6 it is `temperatureMap`; nearer to 0 and 1, where the logit
 * has no end, it goes on along the tangent. Isotonic steps give one value to all scores of a step: ties, whose order is
 * lost.
 *
 * @throws {ProtocolError} when it is called with a score outside 0..1.
 */
export function scoreMapOf(fitted: FittedMap): ScoreMap {
  const map = fitted.kind === 'temperature' ? risingTemperature(fitted.temperature) : isotonicMap(fitted);
  return (score) => {
    if (!(score >= 0 && score <= 1)) {
      throw new ProtocolError(
        `score map: expected scores from 0 to 1, got ${score}; turn logits into probabilities (--scores logit)`,
      );
    }
    return map(score);
  };
}

function risingTemperature(temperature: number): ScoreMap {
  return (score) => 1 / (1 + Math.exp(-risingLogit(score) / temperature));
}

function risingLogit(score: number): number {
  if (score > 1 - nearestToEnds) return logitThere + (score - (1 - nearestToEnds)) * slopeThere;
  if (score < nearestToEnds) return -logitThere + (score - nearestToEnds) * slopeThere;
  return Math.log(score / (1 - score));
}

/** Detections of different scores that a map gives the score of another. @param after the mapped scores, by index. */
export function countNewTies(before: Float64Array, after: Float64Array): number {
  const lowest = new Map<number, number>();
  const isShared = new Set<number>();
  for (let index = 0; index < after.length; index++) {
    const known = lowest.get(after[index]);
    if (known === undefined) lowest.set(after[index], before[index]);
    else if (known !== before[index]) isShared.add(after[index]);
  }
  return after.reduce((count, value) => count + (isShared.has(value) ? 1 : 0), 0);
}

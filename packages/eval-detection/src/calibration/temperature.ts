import { ProtocolError } from '@retinabench/core/basics';

/** Turns the score of a detection into the probability that it is right. */
export type ScoreMap = (score: number) => number;

/** A score of 0 or 1 has no finite logit; what is nearer is taken as this far from it. */
const nearestToEnds = 1e-6;

/** Temperatures that a fit may give: the lowest and the highest. */
export const usualTemperatures = [0.05, 20] as const;
const [lowest, highest] = usualTemperatures;

/** The map sigmoid(logit(score) / temperature). */
export function temperatureMap(temperature: number): ScoreMap {
  return (score) => 1 / (1 + Math.exp(-logit(score) / temperature));
}

/**
 * Fit one temperature to scores: the map sigmoid(logit(score) / T) of least negative log-likelihood. It keeps the order of
 * the detections, and so AP; above 1 it draws scores towards one half.
 *
 * @param scores  from 0 to 1.
 * @param correct Uint8Array, 1 for a hit.
 * @param guess   where the search begins; the temperature of similar scores saves passes.
 * @returns T, from 0.05 to 20.
 * @throws {ProtocolError} if there is no score, or one lies outside 0..1.
 * Cost: a pass for each step, about 6; 3 from a near guess.
 * Source: Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", section 4.2. The likelihood is
 * convex in 1 / T: Newton's method finds its least, halving the bracket where a step would leave it.
 */
export function fitTemperature(scores: Float64Array, correct: Uint8Array, guess = 1): number {
  if (scores.length === 0) throw new ProtocolError('temperature: expected at least one detection, got none');
  const outside = scores.find((score) => !(score >= 0 && score <= 1));
  if (outside !== undefined) {
    throw new ProtocolError(
      `temperature: expected scores from 0 to 1, got ${outside}; turn logits into probabilities (--scores logit)`,
    );
  }
  const logits = scores.map(logit);
  let [low, high] = [1 / highest, 1 / lowest];
  let inverse = 1 / guess;
  for (let step = 0; step < 60 && high - low > 1e-12; step++) {
    const [slope, curvature] = derivatives(logits, correct, inverse);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) < 1e-10) break;
    inverse = next;
  }
  return 1 / inverse;
}

/** First and second derivative of the negative log-likelihood by the inverse temperature. */
function derivatives(logits: Float64Array, correct: Uint8Array, inverse: number): readonly [number, number] {
  let slope = 0;
  let curvature = 0;
  for (let index = 0; index < logits.length; index++) {
    const logitOf = logits[index];
    const probability = 1 / (1 + Math.exp(-logitOf * inverse));
    slope += logitOf * (probability - correct[index]);
    curvature += logitOf * logitOf * probability * (1 - probability);
  }
  return [slope, curvature];
}

function logit(score: number): number {
  const clipped = Math.min(Math.max(score, nearestToEnds), 1 - nearestToEnds);
  return Math.log(clipped / (1 - clipped));
}

import { betaDistribution, betaQuantile } from './beta.js';

/**
 * The t that a Student variable exceeds in magnitude with probability `alpha`.
 *
 * @param alpha              above 0, below 1.
 * @param degreesOfFreedom   above 0, not necessarily whole.
 * Cost: that of `betaQuantile`.
 * Source: P(|T| > t) = I_x(f / 2, 1 / 2) with x = f / (f + t^2); Abramowitz and Stegun, 26.7.1 with 26.5.27.
 */
export function twoSidedT(alpha: number, degreesOfFreedom: number): number {
  const x = betaQuantile(alpha, degreesOfFreedom / 2, 0.5);
  return Math.sqrt((degreesOfFreedom * (1 - x)) / x);
}

/** Probability that a Student variable exceeds `t`, at least 0, in magnitude: the inverse of `twoSidedT`. */
export function twoSidedTail(t: number, degreesOfFreedom: number): number {
  return betaDistribution(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

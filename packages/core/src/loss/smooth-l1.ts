import { ProtocolError, ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { assertDivisor } from './softmax.js';

/**
 * Smooth-L1 of one difference d: 0.5 d^2 / beta where |d| < beta, |d| - 0.5 beta elsewhere. Value and slope are
 * continuous at |d| = beta.
 *
 * Source: Girshick, arXiv:1504.08083, equation 3 (beta = 1, which the paper uses).
 */
export function smoothL1(difference: number, beta: number): number {
  const magnitude = Math.abs(difference);
  return magnitude < beta ? (0.5 * magnitude * magnitude) / beta : magnitude - 0.5 * beta;
}

/** Derivative of smoothL1 with respect to the difference: d / beta where |d| < beta, the sign of d elsewhere. */
export function smoothL1Slope(difference: number, beta: number): number {
  return Math.abs(difference) < beta ? difference / beta : Math.sign(difference);
}

/**
 * Sum of smooth-L1 over the coordinates of one row, with the gradient added to a buffer.
 *
 * @param predicted [N, width].
 * @param row       row of `predicted` and `gradient`.
 * @param target    [T, width].
 * @param targetRow row of `target`.
 * @param width     coordinates per row: 4 of a box, 10 of landmarks.
 * @param beta      where the parabola ends, > 0.
 * @param scale     factor of the gradient: weight / positives in the multi-task loss.
 * @param gradient  [N, width], or undefined if not wanted: `scale` times the gradient is added to its row.
 * @returns the sum, without `scale`.
 * Cost: O(width), allocates nothing. Bounds are the caller's to keep.
 * Source: arXiv:1905.00641, equation 1, L_box and L_pts.
 */
export function addSmoothL1Row(
  predicted: FloatArray,
  row: number,
  target: FloatArray,
  targetRow: number,
  width: number,
  beta: number,
  scale: number,
  gradient: FloatArray | undefined,
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = predicted[row * width + k] - target[targetRow * width + k];
    sum += smoothL1(difference, beta);
    if (gradient !== undefined) gradient[row * width + k] += scale * smoothL1Slope(difference, beta);
  }
  return sum;
}

/**
 * Smooth-L1 over whole arrays.
 *
 * @param predicted [N].
 * @param target    [N].
 * @param beta      where the parabola ends, > 0.
 * @param divisor   what the sum is divided by.
 * @param gradient  [N]: overwritten with the gradient of the returned value with respect to `predicted`.
 * @returns the sum over `divisor`.
 * @throws {ShapeError} if the lengths differ.
 * @throws {ProtocolError} if beta or the divisor is not above 0.
 * Cost: O(N), allocates nothing.
 */
export function smoothL1Sum(
  predicted: FloatArray,
  target: FloatArray,
  beta: number,
  divisor: number,
  gradient: FloatArray,
): number {
  if (predicted.length !== target.length || predicted.length !== gradient.length) {
    throw new ShapeError(
      `smoothL1Sum: expected predicted, target and gradient of one length, got ${predicted.length}, ${target.length} and ${gradient.length}`,
    );
  }
  assertBeta(beta);
  assertDivisor('smoothL1Sum', divisor);
  gradient.fill(0);
  return addSmoothL1Row(predicted, 0, target, 0, predicted.length, beta, 1 / divisor, gradient) / divisor;
}

/** @throws {ProtocolError} if `beta` is not a finite number above 0. */
export function assertBeta(beta: number): void {
  if (!(beta > 0 && Number.isFinite(beta))) throw new ProtocolError(`smooth-L1: beta: expected above 0, got ${beta}`);
}

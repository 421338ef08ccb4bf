import type { FloatArray } from '../mesh/float-array.js';
import { smoothL1, smoothL1Slope } from './smooth-l1.js';

/**
 * Sum of smooth-L1 over the five landmarks of one anchor, with the gradient added to a buffer. A landmark of which a
 * coordinate is NaN in the target is not known: it adds nothing and gets no gradient.
 *
 * @param predicted [N, 10].
 * @param row       row of `predicted` and `gradient`.
 * @param target    [10].
 * @param beta      where the parabola ends, > 0.
 * @param scale     factor of the gradient.
 * @param gradient  [N, 10], or undefined if not wanted: `scale` times the gradient is added to its row.
 * @returns the sum, without `scale`.
 * Cost: O(1), allocates nothing. Bounds are the caller's to keep.
 * Source: arXiv:1905.00641, equation 1, L_pts.
 */
export function addLandmarkRow(
  predicted: FloatArray,
  row: number,
  target: FloatArray,
  beta: number,
  scale: number,
  gradient: FloatArray | undefined,
): number {
  let sum = 0;
  for (let k = 0; k < 10; k++) {
    const x = k - (k % 2);
    if (Number.isNaN(target[x]) || Number.isNaN(target[x + 1])) continue;
    const difference = predicted[row * 10 + k] - target[k];
    sum += smoothL1(difference, beta);
    if (gradient !== undefined) gradient[row * 10 + k] += scale * smoothL1Slope(difference, beta);
  }
  return sum;
}

import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';

/**
 * The Adam optimiser on one array of parameters.
 *
 * Source: arXiv:1412.6980, algorithm 1, with its defaults.
 */
export class Adam {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #decay: readonly [number, number];
  #steps = 0;

  /** @param length of the parameters; @param decay of the two moments, beta_1 and beta_2. */
  constructor(length: number, decay: readonly [number, number] = [0.9, 0.999]) {
    this.#first = new Float64Array(length);
    this.#second = new Float64Array(length);
    this.#decay = decay;
  }

  /**
   * One step down the gradient, in place.
   *
   * @param rate  step size, in units of the parameters: one for all, or one for each.
   * @throws {ShapeError} if a length differs.
   */
  step(parameters: FloatArray, gradient: FloatArray, rate: number | FloatArray): void {
    const length = this.#first.length;
    if (parameters.length !== length || gradient.length !== length) {
      throw new ShapeError(
        `Adam: expected ${length} parameters and gradients, got ${parameters.length} and ${gradient.length}`,
      );
    }
    this.#steps++;
    const [decay1, decay2] = this.#decay;
    const [first, second] = [this.#first, this.#second];
    const unbias1 = 1 / (1 - decay1 ** this.#steps);
    const unbias2 = 1 / (1 - decay2 ** this.#steps);
    const shared = typeof rate === 'number' ? rate * unbias1 : 0;
    for (let at = 0; at < length; at++) {
      const slope = gradient[at];
      const mean = decay1 * first[at] + (1 - decay1) * slope;
      const square = decay2 * second[at] + (1 - decay2) * slope * slope;
      first[at] = mean;
      second[at] = square;
      const size = typeof rate === 'number' ? shared : rate[at] * unbias1;
      parameters[at] -= (size * mean) / (Math.sqrt(square * unbias2) + 1e-8);
    }
  }
}

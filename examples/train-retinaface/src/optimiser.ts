import type { Parameter } from './parameters.js';

/** Decays of the two moments, and the weight decay of filters. */
const [decay1, decay2, weightDecay] = [0.9, 0.999, 5e-4];

/** Moments of one parameter. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * Adam with decoupled weight decay, whose state can be written down. Only filters decay: not biases, nor scale and shift
 * of normalisations.
 *
 * Source: arXiv:1711.05101, algorithm 2.
 */
export class Optimiser {
  readonly moments = new Map<string, Moments>();
  steps = 0;

  readonly #parameters: ReadonlyMap<string, Parameter>;

  constructor(parameters: ReadonlyMap<string, Parameter>) {
    this.#parameters = parameters;
    for (const [name, { values }] of parameters) {
      this.moments.set(name, { first: new Float32Array(values.length), second: new Float32Array(values.length) });
    }
  }

  /**
   * One step down the gradient, in place.
   *
   * @param gradientOf gradient by parameter, in its layout.
   */
  step(gradientOf: ReadonlyMap<string, Float32Array>, rate: number): void {
    this.steps++;
    const unbias1 = 1 / (1 - decay1 ** this.steps);
    const unbias2 = 1 / (1 - decay2 ** this.steps);
    for (const [name, gradient] of gradientOf) {
      const { dims, values } = this.#parameters.get(name) as Parameter;
      const { first, second } = this.moments.get(name) as Moments;
      const keep = dims.length > 1 ? 1 - rate * weightDecay : 1;
      for (let at = 0; at < values.length; at++) {
        const slope = gradient[at];
        first[at] = decay1 * first[at] + (1 - decay1) * slope;
        second[at] = decay2 * second[at] + (1 - decay2) * slope * slope;
        const step = (rate * unbias1 * first[at]) / (Math.sqrt(second[at] * unbias2) + 1e-8);
        values[at] = values[at] * keep - step;
      }
    }
  }
}

/** Warm-up over the first steps, then half a cosine to a hundredth (arXiv:1608.03983). */
export function learningRate(step: number, steps: number, peak: number): number {
  const warmUp = Math.min(100, steps / 10);
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  return peak * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp))));
}

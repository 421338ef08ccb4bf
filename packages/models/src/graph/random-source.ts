import { isTrainable, type WeightRole, type WeightSource } from './weight-source.js';

/** Added to a seed so that neighbouring seeds start far apart. */
const goldenRatio = 0x9e3779b9;

/** Logit of the prior probability 0.01 that an anchor holds a face (arXiv:1708.02002, section 4.1), halved over two classes. */
const priorLogit = Math.log(0.99 / 0.01) / 2;

/** Weights of the heads: small, so that scores stay near the prior whatever the input's range. */
const headBound = 5e-5;

/** The share of a residual branch that is added: with 50 branches, adding all of each would let the signal grow without bound. */
const residualScale = 0.2;

/**
 * Seeded random weights, for work on shapes, anchors and latency where no trained weights are public. The same seed gives
 * the same network. Convolutions are uniform with variance 2 / inputs (arXiv:1502.01852); normalisations do nothing, but
 * that they weaken residual branches.
 */
export class RandomSource implements WeightSource {
  parameters = 0;
  #state: number;

  /** @param seed any whole number. */
  constructor(seed: number) {
    this.#state = (seed ^ goldenRatio) >>> 0 || goldenRatio;
  }

  take(_name: string, dims: readonly number[], role: WeightRole): Float32Array {
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (isTrainable(role)) this.parameters += count;
    const values = new Float32Array(count);
    switch (role) {
      case 'weight':
        this.#fill(values, Math.sqrt((6 * (dims[0] as number)) / count));
        break;
      case 'head-weight':
        this.#fill(values, headBound);
        break;
      case 'class-bias':
        for (let index = 0; index < count; index++) values[index] = index % 2 === 0 ? priorLogit : -priorLogit;
        break;
      case 'norm-scale':
      case 'norm-variance':
        values.fill(1);
        break;
      case 'norm-scale-residual':
        values.fill(residualScale);
        break;
      default:
        break;
    }
    return values;
  }

  /** Uniform in -bound ... bound, by Marsaglia's xorshift32 (Journal of Statistical Software 8(14), page 4). */
  #fill(values: Float32Array, bound: number): void {
    let state = this.#state;
    for (let index = 0; index < values.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[index] = (state / 2 ** 31) * bound;
    }
    this.#state = state;
  }
}

import { vertexFeatures } from '@retinabench/core';

/** Shape and colour in units of their own deviation over all vertices, so that both weigh alike. */
export class Standard {
  /** Root mean square deviation of a coordinate, in centimetres. */
  readonly shapeDeviation: number;
  /** Root mean square deviation of a colour channel, 0..1. */
  readonly colourDeviation: number;

  /** @param pool samples [n, 6] that the deviations are taken from. */
  constructor(pool: readonly Float32Array[]) {
    const length = pool[0].length;
    const mean = new Float64Array(length);
    for (const sample of pool) for (let at = 0; at < length; at++) mean[at] += sample[at] / pool.length;
    const squares = [0, 0];
    for (const sample of pool) {
      for (let at = 0; at < length; at++) squares[kindOf(at)] += (sample[at] - mean[at]) ** 2;
    }
    [this.shapeDeviation, this.colourDeviation] = squares.map((sum) => Math.sqrt(sum / ((pool.length * length) / 2)));
  }

  /** A sample in these units. */
  apply(sample: Float32Array): Float32Array {
    return sample.map((value, at) => value / this.#deviation(at));
  }

  /** The inverse of `apply`. */
  restore(standardised: Float32Array): Float32Array {
    return standardised.map((value, at) => value * this.#deviation(at));
  }

  /**
   * Mean squared difference in these units.
   *
   * @param gradient receives `weight` times the derivative by the vertices.
   */
  loss(vertices: ArrayLike<number>, target: Float32Array, weight: number, gradient: Float32Array): number {
    let sum = 0;
    for (let at = 0; at < target.length; at++) {
      const deviation = this.#deviation(at);
      const difference = (vertices[at] - target[at]) / deviation;
      sum += difference * difference;
      gradient[at] = (2 * weight * difference) / (deviation * target.length);
    }
    return sum / target.length;
  }

  #deviation(at: number): number {
    return kindOf(at) === 0 ? this.shapeDeviation : this.colourDeviation;
  }
}

/** 0 for a coordinate, 1 for a colour channel. */
function kindOf(at: number): 0 | 1 {
  return at % vertexFeatures < 3 ? 0 : 1;
}

/**
 * Mean and deviation of each of the decoder's outputs before the colour function: coordinates as they are, colours as
 * logits. A deviation is at least a tenth of the mean one of its kind.
 */
export function outputStatistics(pool: readonly Float32Array[]): {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
} {
  const length = pool[0].length;
  const before = (value: number, at: number): number => (kindOf(at) === 0 ? value : Math.log(value / (1 - value)));
  const mean = new Float32Array(length);
  const square = new Float64Array(length);
  for (const sample of pool) for (let at = 0; at < length; at++) mean[at] += before(sample[at], at) / pool.length;
  for (const sample of pool) {
    for (let at = 0; at < length; at++) square[at] += (before(sample[at], at) - mean[at]) ** 2 / pool.length;
  }
  const typical = [0, 0];
  square.forEach((value, at) => {
    typical[kindOf(at)] += Math.sqrt(value) / (length / 2);
  });
  return {
    mean,
    scale: Float32Array.from(square, (value, at) => Math.max(Math.sqrt(value), typical[kindOf(at)] / 10)),
  };
}

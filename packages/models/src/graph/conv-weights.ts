/** Weights of a convolution with its bias. */
export interface ConvWeights {
  /** [output channels, input channels / groups, kernel height, kernel width]. */
  readonly dims: readonly [number, number, number, number];
  /** product(dims) elements, row-major. */
  readonly weight: Float32Array;
  /** One element per output channel. */
  readonly bias: Float32Array;
}

/** A batch normalisation at inference: y = scale (x - mean) / sqrt(variance + epsilon) + shift, per channel. */
export interface BatchNorm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/**
 * A convolution followed by a batch normalisation as one convolution.
 *
 * @param bias of the convolution, if it has one.
 * Cost: O(weights). The arithmetic is float64, rounded once.
 * Source: arXiv:1502.03167, section 3.1.
 */
export function foldBatchNorm(
  dims: ConvWeights['dims'],
  weight: Float32Array,
  norm: BatchNorm,
  bias?: Float32Array,
): ConvWeights {
  const [channels] = dims;
  const perChannel = weight.length / channels;
  const folded = new Float32Array(weight.length);
  const foldedBias = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const gain = (norm.scale[channel] as number) / Math.sqrt((norm.variance[channel] as number) + norm.epsilon);
    for (let at = channel * perChannel; at < (channel + 1) * perChannel; at++) {
      folded[at] = (weight[at] as number) * gain;
    }
    foldedBias[channel] =
      (norm.shift[channel] as number) + ((bias?.[channel] ?? 0) - (norm.mean[channel] as number)) * gain;
  }
  return { dims, weight: folded, bias: foldedBias };
}

/**
 * Several convolutions of one input, same kernel, as one whose output channels are taken from them in turn.
 *
 * @param parts  the convolutions.
 * @param blocks from each part in turn this many channels, again and again until all are used: [2, 4, 10] over parts of
 * 4, 8 and 20 channels gives 2 + 4 + 10 + 2 + 4 + 10.
 */
export function interleaveConvs(parts: readonly ConvWeights[], blocks: readonly number[]): ConvWeights {
  const [first] = parts as [ConvWeights];
  const [, inputs, height, width] = first.dims;
  const channels = parts.reduce((sum, { dims }) => sum + dims[0], 0);
  const perChannel = inputs * height * width;
  const weight = new Float32Array(channels * perChannel);
  const bias = new Float32Array(channels);
  let to = 0;
  for (let round = 0; to < channels; round++) {
    for (const [index, part] of parts.entries()) {
      const block = blocks[index] as number;
      const from = round * block;
      weight.set(part.weight.subarray(from * perChannel, (from + block) * perChannel), to * perChannel);
      bias.set(part.bias.subarray(from, from + block), to);
      to += block;
    }
  }
  return { dims: [channels, inputs, height, width], weight, bias };
}

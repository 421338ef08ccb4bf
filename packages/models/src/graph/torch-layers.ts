import { type ConvWeights, foldBatchNorm } from './conv-weights.js';
import type { WeightSource } from './weight-source.js';

/** Added to the variance by PyTorch's BatchNorm2d unless told otherwise. */
const epsilon = 1e-5;

/**
 * A Conv2d without bias at `conv` and the BatchNorm2d after it at `norm`, as one convolution.
 *
 * @param dims of the convolution's weight.
 * @throws {ModelError} if a tensor is missing or has other dimensions.
 */
export function takeConvNorm(source: WeightSource, conv: string, norm: string, dims: ConvWeights['dims']): ConvWeights {
  const channels = [dims[0]];
  return foldBatchNorm(dims, source.take(`${conv}.weight`, dims, 'weight'), {
    scale: source.take(`${norm}.weight`, channels, 'norm-scale'),
    shift: source.take(`${norm}.bias`, channels, 'norm-shift'),
    mean: source.take(`${norm}.running_mean`, channels, 'norm-mean'),
    variance: source.take(`${norm}.running_var`, channels, 'norm-variance'),
    epsilon,
  });
}

/**
 * A Conv2d with bias at `conv`.
 *
 * @throws {ModelError} if a tensor is missing or has other dimensions.
 */
export function takeConv(source: WeightSource, conv: string, dims: ConvWeights['dims']): ConvWeights {
  return {
    dims,
    weight: source.take(`${conv}.weight`, dims, 'weight'),
    bias: source.take(`${conv}.bias`, [dims[0]], 'bias'),
  };
}

import { type ConvWeights, foldBatchNorm } from './conv-weights.js';
import type { WeightRole, WeightSource } from './weight-source.js';

/** Added to the variance by PyTorch's BatchNorm2d unless told otherwise. */
const epsilon = 1e-5;

/**
 * A Conv2d without bias at `conv` and the BatchNorm2d after it at `norm`, as one convolution.
 *
 * @param dims of the convolution's weight.
 * @throws {ModelError} if a tensor is missing or has other dimensions.
 */
export function takeConvNorm(
  source: WeightSource,
  conv: string,
  norm: string,
  dims: ConvWeights['dims'],
  scaleRole: WeightRole = 'norm-scale',
): ConvWeights {
  const channels = [dims[0]];
  return foldBatchNorm(dims, source.take(`${conv}.weight`, dims, 'weight'), {
    scale: source.take(`${norm}.weight`, channels, scaleRole),
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
export function takeConv(
  source: WeightSource,
  conv: string,
  dims: ConvWeights['dims'],
  roles: { readonly weight: WeightRole; readonly bias: WeightRole } = { weight: 'weight', bias: 'bias' },
): ConvWeights {
  return {
    dims,
    weight: source.take(`${conv}.weight`, dims, roles.weight),
    bias: source.take(`${conv}.bias`, [dims[0]], roles.bias),
  };
}

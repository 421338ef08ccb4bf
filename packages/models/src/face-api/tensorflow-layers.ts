import type { ConvWeights } from '../graph/conv-weights.js';
import type { WeightSource } from '../graph/weight-source.js';

/** Zeros that TensorFlow's `same` adds for a 3 x 3 kernel at stride 2 on an even side: none before, one after. */
export const sameStride2 = [0, 0, 1, 1] as const;

/** Sides and channels of a convolution. */
export interface KernelShape {
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * A convolution whose weights lie as TensorFlow has them, [height, width, inputs, outputs].
 *
 * @param bias name of the bias.
 * @throws {ModelError} if a tensor is missing or has other dimensions.
 */
export function takeTensorflowConv(
  source: WeightSource,
  weights: string,
  bias: string,
  shape: KernelShape,
): ConvWeights {
  const { kernel, inputs, outputs } = shape;
  const values = source.take(weights, [kernel, kernel, inputs, outputs], 'weight');
  return {
    dims: [outputs, inputs, kernel, kernel],
    weight: outputsFirst(values, kernel * kernel, inputs, outputs),
    bias: source.take(bias, [outputs], 'bias'),
  };
}

/**
 * A depthwise 3 x 3 convolution whose weights lie as TensorFlow has them, [3, 3, channels, 1]; without bias.
 *
 * @throws {ModelError} if the tensor is missing or has other dimensions.
 */
export function takeTensorflowDepthwise(source: WeightSource, weights: string, channels: number): ConvWeights {
  const values = source.take(weights, [3, 3, channels, 1], 'weight');
  return {
    dims: [channels, 1, 3, 3],
    weight: outputsFirst(values, 9, 1, channels),
    bias: new Float32Array(channels),
  };
}

/** The division of grey levels by 255 that precedes a network, folded into its first convolution. */
export function divideInput({ dims, weight, bias }: ConvWeights): ConvWeights {
  return { dims, weight: weight.map((value) => value / 255), bias };
}

/** [cells, inputs, outputs] as [outputs, inputs, cells]. */
function outputsFirst(values: Float32Array, cells: number, inputs: number, outputs: number): Float32Array {
  const result = new Float32Array(values.length);
  let from = 0;
  for (let cell = 0; cell < cells; cell++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + input) * cells + cell] = values[from++] as number;
      }
    }
  }
  return result;
}

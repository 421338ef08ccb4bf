import type { TfliteModel } from '../../src/index.js';

const bytesOf = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/** A convolution of one cell over an image of two channels, its input quantised: every kind of table that the format has here. */
export const sampleModel: TfliteModel = {
  description: 'sample',
  tensors: [
    {
      name: 'image',
      type: 'uint8',
      dims: [1, 2, 2, 2],
      quantisation: { scales: [0.5], zeroPoints: [10], axis: 0 },
    },
    { name: 'real', type: 'float32', dims: [1, 2, 2, 2] },
    { name: 'weights', type: 'float32', dims: [1, 1, 1, 2], data: bytesOf([2, -1]) },
    { name: 'bias', type: 'float32', dims: [1], data: bytesOf([0.25]) },
    { name: 'sum', type: 'float32', dims: [1, 2, 2, 1] },
  ],
  nodes: [
    { operator: 'DEQUANTIZE', inputs: [0], outputs: [1] },
    { operator: 'CONV_2D', inputs: [1, 2, 3], outputs: [4], options: { padding: 1, strideWidth: 1, strideHeight: 1 } },
  ],
  inputs: [0],
  outputs: [4],
  metadata: { note: Uint8Array.of(1, 2, 3) },
};

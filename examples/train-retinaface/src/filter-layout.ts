import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from './parameters.js';

/** Axes of [outputs, inputs, kernel, kernel] in the order that TensorFlow.js wants: [kernel, kernel, inputs, outputs]. */
const toTensorFlow = [2, 3, 1, 0];
/** Those of a depthwise filter, [channels, 1, kernel, kernel]: [kernel, kernel, channels, 1]. */
const depthwiseToTensorFlow = [2, 3, 0, 1];

/** A parameter as the tensor that the operations take. */
export function toTensor({ dims, values }: Parameter): tf.Tensor {
  const tensor = tf.tensor(values, [...dims]);
  return dims.length === 4 ? tf.transpose(tensor, axesOf(dims)) : tensor;
}

/** A gradient with respect to that tensor, in the layout of the parameter. The caller tidies up. */
export function fromTensor(gradient: tf.Tensor, { dims }: Parameter): Float32Array {
  if (dims.length !== 4) return gradient.dataSync() as Float32Array;
  const axes = axesOf(dims);
  const back = axes.map((_, axis) => axes.indexOf(axis));
  return tf.transpose(gradient, back).dataSync() as Float32Array;
}

function axesOf(dims: readonly number[]): number[] {
  return dims[1] === 1 ? depthwiseToTensorFlow : toTensorFlow;
}

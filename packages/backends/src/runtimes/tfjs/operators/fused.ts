import * as tf from '@tensorflow/tfjs-core';
import { type FusedActivation, type GraphNode, nodeError } from '../graph/graph.js';
import type { Planner } from '../plan/planner.js';
import type { Value } from '../plan/value.js';
import type { Window } from './window.js';

/** An activation inside a convolution, and the constants that it needs. */
export interface PlannedActivation {
  readonly activation: FusedActivation | undefined;
  /** The slopes of PRelu, one per channel; else nothing. */
  readonly inputs: readonly Value[];
}

/** Look up what a node's fused activation needs. */
export function planActivationInputs(planner: Planner, node: GraphNode, channels: number): PlannedActivation {
  const { activation } = node;
  if (activation?.kind !== 'prelu') return { activation, inputs: [] };
  const slope = planner.constant(activation.slope);
  if (!slope) throw nodeError(node, `slope "${activation.slope}" is missing`);
  return { activation, inputs: [planner.reshape(slope, [channels])] };
}

/** Kernels of a convolution with everything fused; `rest` is the bias, if there is one, then the slopes, if there are. */
export interface ConvolutionSettings {
  conv(x: tf.Tensor, filter: tf.Tensor, rest: readonly tf.Tensor[]): tf.Tensor;
  depthwise(x: tf.Tensor, filter: tf.Tensor, rest: readonly tf.Tensor[]): tf.Tensor;
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

/** TensorFlow.js's fused convolutions for a window: one kernel call does convolution, bias and activation. */
export function fusedSettings(window: Window, planned: PlannedActivation, hasBias: boolean): ConvolutionSettings {
  const { before, after, strides, dilations } = window;
  const padding: Padding = [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ];
  const padded = [...before, ...after].some((size) => size > 0);
  // TensorFlow.js takes strides or dilations, not both: then every position is computed and the strides pick from them.
  const pick = strides.some((step) => step > 1) && dilations.some((step) => step > 1);
  const settings = {
    strides: (pick ? [1, 1] : strides) as [number, number],
    dilations: dilations as [number, number],
    dataFormat: 'NHWC' as const,
    ...activationSettings(planned.activation),
  };
  const run = (kernel: typeof tf.fused.conv2d | typeof tf.fused.depthwiseConv2d) => {
    return (x: tf.Tensor, filter: tf.Tensor, rest: readonly tf.Tensor[]): tf.Tensor => {
      const extras = {
        ...(hasBias ? { bias: rest[0] } : {}),
        ...(planned.inputs.length > 0 ? { preluActivationWeights: rest[hasBias ? 1 : 0] } : {}),
      };
      // TensorFlow's own kernels (tfjs-node) lack explicit pads in some fused forms; elsewhere they cost nothing.
      const inKernel = tf.getBackend() !== 'tensorflow';
      const image = (padded && !inKernel ? tf.pad(x, padding) : x) as tf.Tensor4D;
      const pad = (padded && inKernel ? padding : 'valid') as 'valid';
      const made = kernel({ x: image, filter: filter as tf.Tensor4D, pad, ...settings, ...extras });
      if (!pick) return made;
      return tf.stridedSlice(made, [0, 0, 0, 0], made.shape, [1, strides[0], strides[1], 1]);
    };
  };
  return { conv: run(tf.fused.conv2d), depthwise: run(tf.fused.depthwiseConv2d) };
}

function activationSettings(activation: FusedActivation | undefined): {
  activation?: 'relu' | 'relu6' | 'sigmoid' | 'leakyrelu' | 'prelu';
  leakyreluAlpha?: number;
} {
  if (!activation) return {};
  if (activation.kind === 'leakyrelu') return { activation: 'leakyrelu', leakyreluAlpha: activation.alpha };
  return { activation: activation.kind };
}

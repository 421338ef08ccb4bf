import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import type { Planner } from '../plan/planner.js';
import { channelsLastOrder, type Value } from '../plan/value.js';
import { type ConvolutionSettings, fusedSettings, planActivationInputs } from './fused.js';
import { type Operator, requiredInput } from './operator.js';
import { planSlice } from './slice.js';
import { sliceWeight } from './weight-rows.js';
import { type Window, window2d } from './window.js';

/** ONNX's Conv on one or two spatial axes; groups of one channel run as a depthwise convolution. */
export const conv: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const weight = requiredInput(node, inputs, 1);
  if (x.dims.length === 3) return [planConv1d(planner, node, inputs, x, weight)];
  if (x.dims.length !== 4) throw nodeError(node, `input of rank ${x.dims.length}; ranks 3 and 4 are supported`);
  return [planConv2d(planner, node, x, weight, inputs[2], window2d(node, x.dims, weight.dims.slice(2)))];
};

/** A convolution on one axis is one on two of which the first has length 1. */
function planConv1d(
  planner: Planner,
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
  x: Value,
  weight: Value,
): Value {
  const image = planner.reshape(x, [x.dims[0], x.dims[1], 1, x.dims[2]]);
  const filter = planner.reshape(weight, [weight.dims[0], weight.dims[1], 1, weight.dims[2]]);
  const window = window2d(node, image.dims, filter.dims.slice(2));
  const made = planConv2d(planner, node, image, filter, inputs[2], window);
  return planner.reshape(made, [made.dims[0], made.dims[1], made.dims[3]]);
}

/** A convolution on two axes, with the activation that was fused into it. */
export function planConv2d(
  planner: Planner,
  node: GraphNode,
  x: Value,
  weight: Value,
  bias: Value | undefined,
  window: Window,
): Value {
  const [batch, channels] = x.dims;
  const [outChannels, groupChannels] = weight.dims;
  const groups = numberAttribute(node, 'group', 1);
  if (groupChannels * groups !== channels || outChannels % groups !== 0) {
    throw nodeError(
      node,
      `input of ${channels} channels, weights [${weight.dims}], ${groups} groups do not fit together`,
    );
  }
  const order = channelsLastOrder(4);
  const image = planner.inOrder(x, order);
  const dims = [batch, outChannels, ...window.outputPx];
  const result = { dims, order, type: 'float' as const };
  const activation = planActivationInputs(planner, node, outChannels);
  const extras = [...(bias ? [bias] : []), ...activation.inputs];
  if (groups === 1) {
    const filter = planner.inOrder(weight, [2, 3, 1, 0]);
    const settings = fusedSettings(window, activation, bias !== undefined);
    return planner.step([image, filter, ...extras], result, (input, kernel, ...rest) =>
      settings.conv(input, kernel, rest),
    );
  }
  if (groupChannels === 1) {
    const multiplier = outChannels / channels;
    const split = planner.reshape(weight, [channels, multiplier, weight.dims[2], weight.dims[3]]);
    const filter = planner.inOrder(split, [2, 3, 0, 1]);
    const settings = fusedSettings(window, activation, bias !== undefined);
    return planner.step([image, filter, ...extras], result, (input, kernel, ...rest) =>
      settings.depthwise(input, kernel, rest),
    );
  }
  return planGroups(
    planner,
    node,
    image,
    weight,
    extras,
    result,
    groups,
    fusedSettings(window, activation, bias !== undefined),
  );
}

/** Groups of several channels: one convolution each on a slice of the channels. */
function planGroups(
  planner: Planner,
  node: GraphNode,
  image: Value,
  weight: Value,
  extras: readonly Value[],
  result: { dims: number[]; order: number[]; type: 'float' },
  groups: number,
  settings: ConvolutionSettings,
): Value {
  const inPerGroup = image.dims[1] / groups;
  const outPerGroup = weight.dims[0] / groups;
  const parts = Array.from({ length: groups }, (_, group) => {
    const input = planSlice(planner, image, 1, group * inPerGroup, inPerGroup);
    const filter = planner.inOrder(sliceWeight(planner, weight, group * outPerGroup, outPerGroup), [2, 3, 1, 0]);
    const rest = extras.map((extra) =>
      extra.dims.length === 1 && extra.dims[0] === weight.dims[0]
        ? sliceWeight(planner, extra, group * outPerGroup, outPerGroup)
        : extra,
    );
    const dims = [result.dims[0], outPerGroup, ...result.dims.slice(2)];
    return planner.step([input, filter, ...rest], { ...result, dims }, (a, kernel, ...others) =>
      settings.conv(a, kernel, others),
    );
  });
  if (parts.length < 2) throw nodeError(node, 'a convolution in groups has at least two');
  return planner.step(parts, result, (...tensors) => tf.concat(tensors, 3));
}

import * as tf from '@tensorflow/tfjs-core';
import { nodeError, numberAttribute } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { checkedCount } from '../plan/limits.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, knownTensor, type Value } from '../plan/value.js';
import { broadcast } from './broadcast.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** A vector of one element per channel, ready to broadcast over [N, C, ...]. */
function perChannel(planner: Planner, vector: Value, rank: number): Value {
  return planner.reshape(vector, [1, vector.dims[0], ...new Array<number>(rank - 2).fill(1)]);
}

/** Inference only: x times a factor plus an offset per channel. */
const batchNormalisation: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => requiredInput(node, inputs, index));
  const epsilon = numberAttribute(node, 'epsilon', 1e-5);
  const known = [scale, shift, mean, variance].map(knownTensor);
  if (known.some((tensor) => tensor === undefined)) throw nodeError(node, 'statistics that are not constant');
  const [factor, offset] = affineOfStatistics(known as HostTensor[], epsilon);
  const rank = x.dims.length;
  const ready = broadcast(planner, node, [
    x,
    perChannel(planner, hostValue(factor), rank),
    perChannel(planner, hostValue(offset), rank),
  ]);
  return [planner.step(ready.values, { ...ready, type: 'float' }, (a, b, c) => tf.add(tf.mul(a, b), c))];
};

/**
 * Batch normalisation as one multiplication and one addition.
 *
 * @param statistics scale, shift, mean and variance, one element per channel each.
 * @returns factor = scale / sqrt(variance + epsilon) and offset = shift - mean factor, computed in float64.
 */
export function affineOfStatistics(statistics: readonly HostTensor[], epsilon: number): [HostTensor, HostTensor] {
  const [scale, shift, mean, variance] = statistics.map(({ data }) => data);
  const { dims } = statistics[0];
  const factor = Float64Array.from(scale, (value, channel) => value / Math.sqrt(variance[channel] + epsilon));
  const offset = Float32Array.from(shift, (value, channel) => value - mean[channel] * factor[channel]);
  return [
    { type: 'float', dims, data: Float32Array.from(factor) },
    { type: 'float', dims, data: offset },
  ];
}

function standardise(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

/** Mean 0 and variance 1 per image and channel, then scale and shift per channel. */
const instanceNormalisation: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const epsilon = numberAttribute(node, 'epsilon', 1e-5);
  const axes = x.order.flatMap((axis, position) => (axis >= 2 ? [position] : []));
  return [
    scaleChannels(
      planner,
      inputs,
      planner.step([x], x, (a) => standardise(a, axes, epsilon)),
      node,
    ),
  ];
};

function scaleChannels(
  planner: Planner,
  inputs: readonly (Value | undefined)[],
  x: Value,
  node: Parameters<Operator>[1],
): Value {
  const rank = x.dims.length;
  const ready = broadcast(planner, node, [
    x,
    perChannel(planner, requiredInput(node, inputs, 1), rank),
    perChannel(planner, requiredInput(node, inputs, 2), rank),
  ]);
  return planner.step(ready.values, { ...ready, type: 'float' }, (a, scale, shift) => tf.add(tf.mul(a, scale), shift));
}

/** Mean 0 and variance 1 per image and group of channels, then scale and shift per channel (operator set 21) or group. */
const groupNormalisation: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const groups = numberAttribute(node, 'num_groups', 1);
  const [batch, channels, ...spatial] = x.dims;
  if (channels % groups !== 0) throw nodeError(node, `${channels} channels in ${groups} groups`);
  const grouped = planner.reshape(x, [batch, groups, channels / groups, ...spatial]);
  const axes = grouped.order.flatMap((axis, position) => (axis >= 2 ? [position] : []));
  const epsilon = numberAttribute(node, 'epsilon', 1e-5);
  const normal = planner.step([grouped], grouped, (a) => standardise(a, axes, epsilon));
  const perGroup = requiredInput(node, inputs, 1).dims[0] === groups && planner.opset < 21;
  if (!perGroup) return [scaleChannels(planner, inputs, planner.reshape(normal, x.dims), node)];
  return [planner.reshape(scaleChannels(planner, inputs, normal, node), x.dims)];
};

/** Mean 0 and variance 1 over the axes from `axis` on, then scale and shift over them. */
const layerNormalisation: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const first = normaliseAxis(node, numberAttribute(node, 'axis', -1), x.dims.length);
  const axes = x.order.flatMap((axis, position) => (axis >= first ? [position] : []));
  const epsilon = numberAttribute(node, 'epsilon', 1e-5);
  const normal = planner.step([x], x, (a) => standardise(a, axes, epsilon));
  const shift = inputs[2];
  const ready = broadcast(planner, node, [normal, requiredInput(node, inputs, 1), ...(shift ? [shift] : [])]);
  return [
    planner.step(ready.values, { ...ready, type: 'float' }, (a, scale, offset) =>
      offset ? tf.add(tf.mul(a, scale), offset) : tf.mul(a, scale),
    ),
  ];
};

/** Mean 0 and variance 1 over `axes` (default: all but the channels). */
const meanVariance: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const given = node.attributes.get('axes');
  const axes = (Array.isArray(given) ? given : [0, 2, 3]).map((axis: number) =>
    normaliseAxis(node, axis, x.dims.length),
  );
  const positions = x.order.flatMap((axis, position) => (axes.includes(axis) ? [position] : []));
  return [planner.step([x], x, (a) => standardise(a, positions, 1e-9))];
};

/** x over its 1- or 2-norm along an axis. */
const lpNormalisation: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', -1), x.dims.length);
  const position = x.order.indexOf(axis);
  const one = numberAttribute(node, 'p', 2) === 1;
  return [
    planner.step([x], x, (a) => {
      const norm = one ? tf.sum(tf.abs(a), position, true) : tf.sqrt(tf.sum(tf.square(a), position, true));
      return tf.div(a, norm);
    }),
  ];
};

/** Local response normalisation over `size` neighbouring channels. */
const localResponse: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const size = checkedCount(node, numberAttribute(node, 'size', 1), 'size', 1024);
  const [alpha, beta, bias] = [
    numberAttribute(node, 'alpha', 1e-4),
    numberAttribute(node, 'beta', 0.75),
    numberAttribute(node, 'bias', 1),
  ];
  const position = x.order.indexOf(1);
  const channels = x.dims[1];
  const before = Math.floor((size - 1) / 2);
  return [
    planner.step([x], x, (a) => {
      const pads = a.shape.map((_, axis): [number, number] =>
        axis === position ? [before, size - 1 - before] : [0, 0],
      );
      const squares = tf.pad(tf.square(a), pads);
      const windows = Array.from({ length: size }, (_, offset) => {
        const begin = a.shape.map((_length, axis) => (axis === position ? offset : 0));
        return tf.slice(
          squares,
          begin,
          a.shape.map((length, axis) => (axis === position ? channels : length)),
        );
      });
      return tf.div(a, tf.pow(tf.add(tf.mul(tf.addN(windows), alpha / size), bias), tf.scalar(beta)));
    }),
  ];
};

/** Normalisations. */
export const normalisationOperators: readonly (readonly [string, Operator])[] = [
  ['BatchNormalization', batchNormalisation],
  ['GroupNormalization', groupNormalisation],
  ['InstanceNormalization', instanceNormalisation],
  ['LayerNormalization', layerNormalisation],
  ['LRN', localResponse],
  ['LpNormalization', lpNormalisation],
  ['MeanVarianceNormalization', meanVariance],
];

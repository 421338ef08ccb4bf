import * as tf from '@tensorflow/tfjs-core';
import { numberAttribute } from '../graph/graph.js';
import { sizeOf } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import type { Value } from '../plan/value.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** Softmax along one axis; before operator set 13 along all axes from `axis` on, taken together. */
function softmaxLike(kernel: (x: tf.Tensor) => tf.Tensor): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    const rank = value.dims.length;
    const axis = normaliseAxis(node, numberAttribute(node, 'axis', planner.opset < 13 ? 1 : -1), rank);
    if (planner.opset >= 13 || axis === rank - 1) return [alongAxis(planner, value, axis, kernel)];
    const flat = planner.reshape(value, [sizeOf(value.dims.slice(0, axis)), sizeOf(value.dims.slice(axis))]);
    return [planner.reshape(alongAxis(planner, flat, 1, kernel), value.dims)];
  };
}

/** The kernels work on the last axis in memory; channels-last images have their channels there already. */
function alongAxis(planner: Planner, value: Value, axis: number, kernel: (x: tf.Tensor) => tf.Tensor): Value {
  const ready = planner.inOrder(value, [...value.order.filter((other) => other !== axis), axis]);
  return planner.step([ready], ready, kernel);
}

/** Softmax and its logarithm. */
export const softmaxOperators: readonly (readonly [string, Operator])[] = [
  ['LogSoftmax', softmaxLike((x) => tf.logSoftmax(x))],
  ['Softmax', softmaxLike((x) => tf.softmax(x))],
];

import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute, numbersAttribute, textAttribute } from '../graph/graph.js';
import { hostInts } from '../graph/host-tensor.js';
import { checkedCount } from '../plan/limits.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, type Value } from '../plan/value.js';
import { planTake } from './gather.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';
import { planSlice } from './slice.js';

/** ONNX's Pad: constant, reflect, edge or wrap; negative pads crop. */
export const pad: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const given = inputs[1] ? planner.numbers(inputs[1], 'the pads') : (numbersAttribute(node, 'pads') ?? []);
  const rank = value.dims.length;
  const axes = inputs[3]
    ? planner.numbers(inputs[3], 'the axes').map((axis) => normaliseAxis(node, axis, rank))
    : value.dims.map((_, axis) => axis);
  if (given.length !== axes.length * 2) throw nodeError(node, `${given.length} pads for ${axes.length} axes`);
  const mode = textAttribute(node, 'mode', 'constant');
  const before = new Array<number>(rank).fill(0);
  const after = new Array<number>(rank).fill(0);
  axes.forEach((axis, index) => {
    before[axis] = given[index];
    after[axis] = given[index + axes.length];
  });
  if (mode === 'constant') {
    const fill = inputs[2] ? planner.numbers(inputs[2], 'the constant')[0] : numberAttribute(node, 'value', 0);
    return [padConstant(planner, value, before, after, fill ?? 0)];
  }
  let padded = value;
  value.dims.forEach((size, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return;
    const picks = Array.from(
      { length: checkedCount(node, size + before[axis] + after[axis], 'a padded axis') },
      (_, index) => sourceIndex(node, mode, index - before[axis], size),
    );
    padded = planTake(planner, padded, axis, hostValue(hostInts(picks)));
  });
  return [padded];
};

function padConstant(
  planner: Planner,
  value: Value,
  before: readonly number[],
  after: readonly number[],
  fill: number,
): Value {
  let cropped = value;
  value.dims.forEach((size, axis) => {
    const [start, end] = [Math.max(0, -before[axis]), Math.max(0, -after[axis])];
    cropped = planSlice(planner, cropped, axis, start, size - start - end);
  });
  const added = value.order.map((axis): [number, number] => [Math.max(0, before[axis]), Math.max(0, after[axis])]);
  if (added.every(([start, end]) => start === 0 && end === 0)) return cropped;
  const dims = value.dims.map((size, axis) => size + before[axis] + after[axis]);
  return planner.step([cropped], { dims, order: value.order, type: value.type }, (x) => tf.pad(x, added, fill));
}

/** Which element of an axis of `size` is at `index`, outside included. */
function sourceIndex(node: GraphNode, mode: string, index: number, size: number): number {
  if (mode === 'edge') return Math.min(size - 1, Math.max(0, index));
  if (mode === 'wrap') return ((index % size) + size) % size;
  if (mode !== 'reflect') throw nodeError(node, `mode ${mode} is not supported`);
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const inPeriod = ((index % period) + period) % period;
  return inPeriod < size ? inPeriod : period - inPeriod;
}

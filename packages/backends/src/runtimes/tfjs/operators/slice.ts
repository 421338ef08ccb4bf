import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute, numbersAttribute } from '../graph/graph.js';
import { hostInts } from '../graph/host-tensor.js';
import { checkedCount } from '../plan/limits.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, knownTensor, positionOf, storedDims, type Value } from '../plan/value.js';
import { planTake } from './gather.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** `length` elements from `start` along one axis. */
export function planSlice(planner: Planner, value: Value, axis: number, start: number, length: number): Value {
  if (start === 0 && length === value.dims[axis]) return value;
  const known = knownTensor(value);
  if (known && known.type !== 'float' && known.dims.length === 1) {
    return hostValue({ ...known, dims: [length], data: known.data.slice(start, start + length) });
  }
  const dims = value.dims.map((size, index) => (index === axis ? length : size));
  const result = { dims, order: value.order, type: value.type };
  const begin = dims.map(() => 0);
  begin[positionOf(value, axis)] = start;
  const shape = storedDims(result);
  return planner.step([value], result, (x) => tf.slice(x, begin, shape));
}

/** ONNX's Slice: ranges with steps, from inputs or (before operator set 10) attributes. */
export const slice: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const list = (index: number, name: string): number[] | undefined => {
    const input = inputs[index];
    return input ? planner.numbers(input, name) : numbersAttribute(node, name)?.slice();
  };
  const starts = list(1, 'starts') ?? [];
  const ends = list(2, 'ends') ?? [];
  const axes = list(3, 'axes') ?? starts.map((_, axis) => axis);
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  let sliced = value;
  axes.forEach((written, index) => {
    const axis = normaliseAxis(node, written, value.dims.length);
    const range = sliceRange(node, value.dims[axis], starts[index], ends[index], steps[index]);
    if (range.step === 1) {
      sliced = planSlice(planner, sliced, axis, range.start, range.length);
    } else {
      const picks = Array.from({ length: range.length }, (_, i) => range.start + i * range.step);
      sliced = planTake(planner, sliced, axis, hostValue(hostInts(picks)));
    }
  });
  return [sliced];
};

/** A Python-like range on an axis of `size` elements: negative bounds count from the end, all are clamped. */
function sliceRange(
  node: GraphNode,
  size: number,
  start: number,
  end: number,
  step: number,
): { start: number; length: number; step: number } {
  if (step === 0) throw nodeError(node, 'a step of 0');
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  if (step > 0) {
    const first = Math.min(Math.max(from, 0), size);
    const last = Math.min(Math.max(to, 0), size);
    return { start: first, length: Math.max(0, Math.ceil((last - first) / step)), step };
  }
  const first = Math.min(Math.max(from, -1), size - 1);
  const last = Math.min(Math.max(to, -1), size - 1);
  return { start: first, length: Math.max(0, Math.ceil((last - first) / step)), step };
}

/** ONNX's Split: by lengths, or into equal parts of which the last may be shorter. */
export const split: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', 0), value.dims.length);
  const size = value.dims[axis];
  const count = checkedCount(
    node,
    numberAttribute(node, 'num_outputs', node.outputs.length),
    'num_outputs',
    node.outputs.length,
  );
  const given = inputs[1] ? planner.numbers(inputs[1], 'the lengths') : numbersAttribute(node, 'split');
  const part = Math.ceil(size / count);
  const lengths = given ?? Array.from({ length: count }, (_, i) => Math.min(part, size - i * part));
  if (lengths.reduce((sum, length) => sum + length, 0) !== size || lengths.some((length) => length < 0)) {
    throw nodeError(node, `lengths [${lengths}] of an axis of ${size}`);
  }
  let start = 0;
  return lengths.map((length) => {
    const piece = planSlice(planner, value, axis, start, length);
    start += length;
    return piece;
  });
};

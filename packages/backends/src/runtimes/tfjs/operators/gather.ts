import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import { hostInts } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, knownTensor, plainOrder, positionOf, type Value } from '../plan/value.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** The elements at `indices` (one axis, none negative) along an axis; the storage order stays. */
export function planTake(planner: Planner, value: Value, axis: number, indices: Value): Value {
  const known = knownTensor(value);
  const picks = knownTensor(indices);
  if (known && picks && known.dims.length === 1 && known.type !== 'float') {
    return hostValue({ ...known, dims: picks.dims, data: Float64Array.from(picks.data, (pick) => known.data[pick]) });
  }
  const dims = value.dims.map((size, index) => (index === axis ? indices.dims[0] : size));
  const position = positionOf(value, axis);
  return planner.step([value, indices], { dims, order: value.order, type: value.type }, (x, picked) =>
    tf.gather(x, picked as tf.Tensor1D, position),
  );
}

/** ONNX's Gather: indices of any rank take the place of the axis. */
export const gather: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const indices = requiredInput(node, inputs, 1);
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', 0), value.dims.length);
  const flat = planner.reshape(nonNegative(planner, node, indices, value.dims[axis]), [
    indices.dims.reduce((product, dim) => product * dim, 1),
  ]);
  const taken = planTake(planner, value, axis, flat);
  return [planner.reshape(taken, [...value.dims.slice(0, axis), ...indices.dims, ...value.dims.slice(axis + 1)])];
};

/** Indices counted from the front. @throws {ModelError} if a known one lies outside. */
function nonNegative(planner: Planner, node: GraphNode, indices: Value, size: number): Value {
  const known = knownTensor(indices);
  if (!known) {
    return planner.step([indices], { ...indices, type: 'int' }, (x) =>
      tf.cast(
        tf.add(x, tf.mul(tf.cast(tf.less(x, tf.scalar(0, 'int32')), 'int32'), tf.scalar(size, 'int32'))),
        'int32',
      ),
    );
  }
  const data = Float64Array.from(known.data, (index) => (index < 0 ? index + size : index));
  const wrong = data.findIndex((index) => !(index >= 0 && index < size));
  if (wrong >= 0) throw nodeError(node, `index ${known.data[wrong]} of an axis of ${size}`);
  return hostValue({ type: 'int', dims: known.dims, data });
}

/** ONNX's Concat along any axis; inputs follow the storage order of the first computed one. */
export const concat: Operator = (planner, node, inputs) => {
  const values = inputs.map((_, index) => requiredInput(node, inputs, index));
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', 1), values[0].dims.length);
  const dims = values[0].dims.map((size, index) =>
    index === axis ? sum(values.map((value) => value.dims[axis])) : size,
  );
  for (const value of values) {
    if (value.dims.some((size, index) => index !== axis && size !== dims[index])) {
      throw nodeError(
        node,
        `inputs [${values.map((item) => item.dims.join()).join('] and [')}] do not fit along axis ${axis}`,
      );
    }
  }
  const known = values.map(knownTensor);
  if (dims.length === 1 && known.every((tensor) => tensor !== undefined && tensor.type !== 'float')) {
    return [
      hostValue({ ...hostInts(known.flatMap((tensor) => Array.from(tensor?.data ?? []))), type: values[0].type }),
    ];
  }
  if (values.length === 1) return values;
  const order = values.find(({ source }) => source.kind === 'slot')?.order ?? plainOrder(dims.length);
  const ready = values.map((value) => planner.inOrder(value, order));
  const position = order.indexOf(axis);
  return [planner.step(ready, { dims, order, type: values[0].type }, (...tensors) => tf.concat(tensors, position))];
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** ONNX's Tile. */
export const tile: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const repeats = planner.numbers(requiredInput(node, inputs, 1), 'the repeats');
  if (repeats.length !== value.dims.length)
    throw nodeError(node, `${repeats.length} repeats of ${value.dims.length} axes`);
  const dims = value.dims.map((size, axis) => size * repeats[axis]);
  const stored = value.order.map((axis) => repeats[axis]);
  if (stored.every((count) => count === 1)) return [value];
  return [planner.step([value], { dims, order: value.order, type: value.type }, (x) => tf.tile(x, stored))];
};

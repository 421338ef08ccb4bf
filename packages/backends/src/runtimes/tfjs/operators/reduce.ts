import * as tf from '@tensorflow/tfjs-core';
import { nodeError, numberAttribute } from '../graph/graph.js';
import { hostInts } from '../graph/host-tensor.js';
import { hostValue, knownTensor, plainOrder } from '../plan/value.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';
import { readAxes } from './shape.js';

type Reduction = (x: tf.Tensor, axes: number[]) => tf.Tensor;

/** A reduction with ONNX's `axes`, `keepdims` and `noop_with_empty_axes`; the storage order of the rest stays. */
function reduction(kernel: Reduction): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    const rank = value.dims.length;
    const given = readAxes((input, what) => planner.numbers(input, what), node, inputs[1], rank);
    const none = given === undefined || given.length === 0;
    if (none && numberAttribute(node, 'noop_with_empty_axes', 0) !== 0) return [value];
    const axes = none ? plainOrder(rank) : given;
    const known = knownTensor(value);
    if (known && known.type !== 'float' && node.operator === 'ReduceProd' && axes.length === rank) {
      const product = hostInts([Array.from(known.data).reduce((total, item) => total * item, 1)]);
      return [planner.reshape(hostValue(product), numberAttribute(node, 'keepdims', 1) ? value.dims.map(() => 1) : [])];
    }
    const positions = value.order.flatMap((axis, position) => (axes.includes(axis) ? [position] : []));
    const dims = value.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const reduced = planner.step([value], { ...value, dims }, (x) => kernel(x, positions));
    if (numberAttribute(node, 'keepdims', 1) !== 0) return [reduced];
    return [
      planner.reshape(
        reduced,
        dims.filter((_, axis) => !axes.includes(axis)),
      ),
    ];
  };
}

const sumSquare: Reduction = (x, axes) => tf.sum(tf.square(x), axes, true);

const logSumExp: Reduction = (x, axes) => {
  const top = tf.max(x, axes, true);
  return tf.add(tf.log(tf.sum(tf.exp(tf.sub(x, top)), axes, true)), top);
};

/** The index of the largest or smallest element along an axis; of equal ones the first. */
function argument(kernel: (x: tf.Tensor, axis: number) => tf.Tensor): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    if (numberAttribute(node, 'select_last_index', 0) !== 0)
      throw nodeError(node, 'select_last_index is not supported');
    const axis = normaliseAxis(node, numberAttribute(node, 'axis', 0), value.dims.length);
    const position = value.order.indexOf(axis);
    const dims = value.dims.map((size, index) => (index === axis ? 1 : size));
    const found = planner.step([value], { dims, order: value.order, type: 'int' }, (x) =>
      tf.expandDims(kernel(x, position), position),
    );
    if (numberAttribute(node, 'keepdims', 1) !== 0) return [found];
    return [
      planner.reshape(
        found,
        dims.filter((_, index) => index !== axis),
      ),
    ];
  };
}

/** Reductions along axes. */
export const reduceOperators: readonly (readonly [string, Operator])[] = [
  ['ArgMax', argument((x, axis) => tf.argMax(x, axis))],
  ['ArgMin', argument((x, axis) => tf.argMin(x, axis))],
  ['ReduceL1', reduction((x, axes) => tf.sum(tf.abs(x), axes, true))],
  ['ReduceL2', reduction((x, axes) => tf.sqrt(sumSquare(x, axes)))],
  ['ReduceLogSum', reduction((x, axes) => tf.log(tf.sum(x, axes, true)))],
  ['ReduceLogSumExp', reduction(logSumExp)],
  ['ReduceMax', reduction((x, axes) => tf.max(x, axes, true))],
  ['ReduceMean', reduction((x, axes) => tf.mean(x, axes, true))],
  ['ReduceMin', reduction((x, axes) => tf.min(x, axes, true))],
  ['ReduceProd', reduction((x, axes) => tf.prod(x, axes, true))],
  ['ReduceSum', reduction((x, axes) => tf.sum(x, axes, true))],
  ['ReduceSumSquare', reduction(sumSquare)],
];

import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, numberAttribute } from '../graph/graph.js';
import { type ElementType, permuteHost, sizeOf } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, knownTensor, storedDims, type Value } from '../plan/value.js';
import { broadcast } from './broadcast.js';
import { type Operator, requiredInput } from './operator.js';

type Kernel = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Integer arithmetic of shapes, exact beyond 32 bits. */
type IntegerRule = (a: number, b: number) => number;

/** Results of up to this many elements are computed on the spot when both inputs are known integers. */
const integerLimit = 4096;

function binary(kernel: Kernel, integer?: IntegerRule, result?: ElementType): Operator {
  return (planner, node, inputs) => {
    const a = requiredInput(node, inputs, 0);
    const b = requiredInput(node, inputs, 1);
    return [planBinary(planner, node, a, b, kernel, integer, result)];
  };
}

function planBinary(
  planner: Planner,
  node: GraphNode,
  a: Value,
  b: Value,
  kernel: Kernel,
  integer?: IntegerRule,
  result?: ElementType,
): Value {
  const ready = broadcast(planner, node, [a, b]);
  const type = result ?? a.type;
  const [knownA, knownB] = ready.values.map(knownTensor);
  if (integer && knownA && knownB && a.type !== 'float' && b.type !== 'float' && sizeOf(ready.dims) <= integerLimit) {
    const [left, right] = [knownA, knownB].map((tensor) => expandHost(tensor.data, tensor.dims, ready.dims));
    return hostValue({ type, dims: ready.dims, data: Float64Array.from(left, (value, i) => integer(value, right[i])) });
  }
  return planner.step(ready.values, { ...ready, type }, (x, y) => kernel(x, y));
}

/** `data` of dimensions `dims` repeated to `target`. */
function expandHost(data: ArrayLike<number>, dims: readonly number[], target: readonly number[]): Float64Array {
  const out = new Float64Array(sizeOf(target));
  for (let i = 0; i < out.length; i++) {
    let rest = i;
    let from = 0;
    let stride = 1;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const index = rest % target[axis];
      rest = Math.floor(rest / target[axis]);
      if (dims[axis] !== 1) from += index * stride;
      stride *= dims[axis];
    }
    out[i] = data[from];
  }
  return out;
}

const add: IntegerRule = (a, b) => a + b;

/** Sum, Mean, Max and Min take any number of inputs. */
function variadic(
  kernel: Kernel,
  integer?: IntegerRule,
  finish?: (sum: tf.Tensor, count: number) => tf.Tensor,
): Operator {
  return (planner, node, inputs) => {
    let total = requiredInput(node, inputs, 0);
    for (let index = 1; index < inputs.length; index++) {
      total = planBinary(planner, node, total, requiredInput(node, inputs, index), kernel, integer);
    }
    if (inputs.length === 1 || !finish) return [total];
    return [planner.step([total], total, (x) => finish(x, inputs.length))];
  };
}

/** `a` to the power `b`; the exponent may have another type. */
const power: Operator = (planner, node, inputs) => {
  const a = requiredInput(node, inputs, 0);
  const b = planner.cast(requiredInput(node, inputs, 1), a.type);
  const exponent = knownTensor(b);
  if (exponent && exponent.data.length === 1 && exponent.data[0] === 2 && exponent.dims.length <= a.dims.length) {
    return [planner.step([a], a, (x) => tf.square(x))];
  }
  return [planBinary(planner, node, a, b, tf.pow, (x, y) => Math.trunc(x ** y))];
};

/** The remainder with the sign of the divisor, or under `fmod` with that of the dividend. */
const modulo: Operator = (planner, node, inputs) => {
  const [a, b] = [requiredInput(node, inputs, 0), requiredInput(node, inputs, 1)];
  if (numberAttribute(node, 'fmod', 0) === 0) {
    return [planBinary(planner, node, a, b, tf.mod, (x, y) => x - Math.floor(x / y) * y)];
  }
  const truncated: Kernel = (x, y) => tf.mul(tf.sign(x), tf.mod(tf.abs(x), tf.abs(y)));
  return [planBinary(planner, node, a, b, truncated, (x, y) => x % y)];
};

/** Slope times x where x is negative; the slope broadcasts. Kernels know slopes along the last axis in memory only. */
const prelu: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const ready = broadcast(planner, node, [x, requiredInput(node, inputs, 1)]);
  const slopeDims = storedDims(ready.values[1]);
  const last = slopeDims.length - 1;
  const alongLast = slopeDims.every((size, position) => size === 1 || position === last);
  const kernel: Kernel =
    alongLast && slopeDims[last] === storedDims(ready)[last]
      ? (a, slope) => tf.prelu(a, slope)
      : (a, slope) => tf.add(tf.relu(a), tf.mul(slope, tf.minimum(a, 0)));
  return [planner.step(ready.values, { ...ready, type: 'float' }, (a, slope) => kernel(a, slope))];
};

/** Elements of the second input where the first is true, else of the third. */
const where: Operator = (planner, node, inputs) => {
  const values = [0, 1, 2].map((index) => requiredInput(node, inputs, index));
  const ready = broadcast(planner, node, values);
  const known = ready.values.map(knownTensor);
  if (known.every((tensor) => tensor !== undefined) && sizeOf(ready.dims) <= integerLimit) {
    const [condition, yes, no] = known.map((tensor) => expandHost(tensor?.data ?? [], tensor?.dims ?? [], ready.dims));
    const data = condition.map((flag, i) => (flag ? yes[i] : no[i]));
    const type = values[1].type;
    return [hostValue({ type, dims: ready.dims, data: type === 'float' ? Float32Array.from(data) : data })];
  }
  const shape = storedDims(ready);
  return [
    planner.step(ready.values, { ...ready, type: values[1].type }, (condition, yes, no) =>
      tf.where(
        tf.cast(tf.broadcastTo(tf.cast(condition, 'int32'), shape), 'bool'),
        tf.broadcastTo(yes, shape),
        tf.broadcastTo(no, shape),
      ),
    ),
  ];
};

/** Repeat along axes of length 1 until the dimensions fit. */
const expand: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const wanted = planner.numbers(requiredInput(node, inputs, 1), 'the shape');
  const known = knownTensor(value);
  const ones = hostValue({ type: 'int', dims: wanted, data: new Float64Array(0) });
  const ready = broadcast(planner, node, [value, ones]);
  if (known && sizeOf(ready.dims) <= integerLimit) {
    const plain = permuteHost(
      known,
      known.dims.map((_, axis) => axis),
    );
    const padded = [...new Array<number>(ready.dims.length - plain.dims.length).fill(1), ...plain.dims];
    const data = expandHost(plain.data, padded, ready.dims);
    return [
      hostValue({ type: value.type, dims: ready.dims, data: value.type === 'float' ? Float32Array.from(data) : data }),
    ];
  }
  const shape = storedDims(ready);
  const { type } = value;
  return [
    planner.step([ready.values[0]], { ...ready, type }, (x) =>
      type === 'bool' ? tf.cast(tf.broadcastTo(tf.cast(x, 'int32'), shape), 'bool') : tf.broadcastTo(x, shape).clone(),
    ),
  ];
};

/** Operators on two tensors, element by element, with broadcasting. */
export const binaryOperators: readonly (readonly [string, Operator])[] = [
  ['Add', binary(tf.add, add)],
  ['Sub', binary(tf.sub, (a, b) => a - b)],
  ['Mul', binary(tf.mul, (a, b) => a * b)],
  ['Div', binary(tf.div, (a, b) => Math.trunc(a / b))],
  ['Pow', power],
  ['Mod', modulo],
  ['Equal', binary(tf.equal, (a, b) => Number(a === b), 'bool')],
  ['Greater', binary(tf.greater, (a, b) => Number(a > b), 'bool')],
  ['GreaterOrEqual', binary(tf.greaterEqual, (a, b) => Number(a >= b), 'bool')],
  ['Less', binary(tf.less, (a, b) => Number(a < b), 'bool')],
  ['LessOrEqual', binary(tf.lessEqual, (a, b) => Number(a <= b), 'bool')],
  ['And', binary(tf.logicalAnd, (a, b) => a * b, 'bool')],
  ['Or', binary(tf.logicalOr, (a, b) => Math.max(a, b), 'bool')],
  ['Xor', binary(tf.logicalXor, (a, b) => Number(a !== b), 'bool')],
  ['Sum', variadic(tf.add, add)],
  ['Mean', variadic(tf.add, undefined, (sum, count) => tf.div(sum, count))],
  ['Max', variadic(tf.maximum, Math.max)],
  ['Min', variadic(tf.minimum, Math.min)],
  ['PRelu', prelu],
  ['Where', where],
  ['Expand', expand],
];

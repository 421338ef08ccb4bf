import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, numberAttribute, textAttribute } from '../graph/graph.js';
import type { ElementType } from '../graph/host-tensor.js';
import { hostValue, knownTensor } from '../plan/value.js';
import { type Operator, requiredInput } from './operator.js';

type Kernel = (x: tf.Tensor) => tf.Tensor;

/** An operator on single elements; `make` reads the attributes once, at planning time. */
function unary(make: (node: GraphNode) => Kernel, result?: ElementType): Operator {
  return (planner, node, inputs) => {
    const value = requiredInput(node, inputs, 0);
    return [planner.step([value], { ...value, type: result ?? value.type }, make(node))];
  };
}

/** Bounds from attributes (up to operator set 6) or inputs; either may be absent. */
const clip: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const bound = (index: number, name: string, absent: number): number => {
    const input = inputs[index];
    return input ? planner.numbers(input, `the bound "${name}"`)[0] : numberAttribute(node, name, absent);
  };
  const low = bound(1, 'min', -Infinity);
  const high = bound(2, 'max', Infinity);
  const known = knownTensor(value);
  if (known && known.type !== 'float') {
    return [
      hostValue({ ...known, data: Float64Array.from(known.data, (item) => Math.min(high, Math.max(low, item))) }),
    ];
  }
  if (low === 0 && high === 6) return [planner.step([value], value, (x) => tf.relu6(x))];
  if (low === 0 && high === Infinity) return [planner.step([value], value, (x) => tf.relu(x))];
  return [
    planner.step([value], value, (x) => tf.minimum(tf.maximum(x, tf.scalar(low, x.dtype)), tf.scalar(high, x.dtype))),
  ];
};

/** ONNX's type numbers to element types. */
const castTypes: Readonly<Record<number, ElementType>> = {
  1: 'float',
  10: 'float',
  11: 'float',
  16: 'float',
  9: 'bool',
};

const cast: Operator = (planner, node, inputs) => [
  planner.cast(requiredInput(node, inputs, 0), castTypes[numberAttribute(node, 'to', 1)] ?? 'int'),
];

const castLike: Operator = (planner, node, inputs) => [
  planner.cast(requiredInput(node, inputs, 0), requiredInput(node, inputs, 1).type),
];

/** Exact, or by the tangent's approximation under `approximate = tanh`. */
function gelu(node: GraphNode): Kernel {
  if (textAttribute(node, 'approximate', 'none') === 'tanh') {
    return (x) =>
      tf.mul(
        tf.mul(x, 0.5),
        tf.add(tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))))), 1),
      );
  }
  return (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

function celu(node: GraphNode): Kernel {
  const alpha = numberAttribute(node, 'alpha', 1);
  return (x) => tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(tf.div(x, alpha), 0)), alpha));
}

function selu(node: GraphNode): Kernel {
  const alpha = numberAttribute(node, 'alpha', 1.6732631921768188);
  const gamma = numberAttribute(node, 'gamma', 1.0507010221481323);
  return (x) => tf.mul(tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(x, 0)), alpha)), gamma);
}

function hardSigmoid(alpha: number, beta: number): Kernel {
  return (x) => tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1);
}

/** log(1 + exp(x)) without overflow. */
const softplus: Kernel = (x) => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));

/** To `lambd` and back by `bias`: zero between -lambd and lambd. */
function shrink(node: GraphNode): Kernel {
  const lambd = numberAttribute(node, 'lambd', 0.5);
  const bias = numberAttribute(node, 'bias', 0);
  return (x) =>
    tf.add(
      tf.mul(tf.add(x, bias), tf.cast(tf.less(x, -lambd), 'float32')),
      tf.mul(tf.sub(x, bias), tf.cast(tf.greater(x, lambd), 'float32')),
    );
}

const isInfinite = (node: GraphNode): Kernel => {
  const negative = numberAttribute(node, 'detect_negative', 1) !== 0;
  const positive = numberAttribute(node, 'detect_positive', 1) !== 0;
  if (negative && positive) return (x) => tf.isInf(x);
  return (x) => tf.equal(x, positive ? Infinity : -Infinity);
};

/** Operators on single elements. */
export const unaryOperators: readonly (readonly [string, Operator])[] = [
  ['Abs', unary(() => tf.abs)],
  ['Acos', unary(() => tf.acos)],
  ['Acosh', unary(() => tf.acosh)],
  ['Asin', unary(() => tf.asin)],
  ['Asinh', unary(() => tf.asinh)],
  ['Atan', unary(() => tf.atan)],
  ['Atanh', unary(() => tf.atanh)],
  ['Cast', cast],
  ['CastLike', castLike],
  ['Ceil', unary(() => tf.ceil)],
  ['Celu', unary(celu)],
  ['Clip', clip],
  ['Cos', unary(() => tf.cos)],
  ['Cosh', unary(() => tf.cosh)],
  [
    'Elu',
    unary((node) => {
      const alpha = numberAttribute(node, 'alpha', 1);
      return alpha === 1 ? tf.elu : (x) => tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(x, 0)), alpha));
    }),
  ],
  ['Erf', unary(() => tf.erf)],
  ['Exp', unary(() => tf.exp)],
  ['Floor', unary(() => tf.floor)],
  ['Gelu', unary(gelu)],
  [
    'HardSigmoid',
    unary((node) => hardSigmoid(numberAttribute(node, 'alpha', 0.2), numberAttribute(node, 'beta', 0.5))),
  ],
  ['HardSwish', unary(() => (x) => tf.mul(x, hardSigmoid(1 / 6, 0.5)(x)))],
  ['IsInf', unary(isInfinite, 'bool')],
  ['IsNaN', unary(() => tf.isNaN, 'bool')],
  ['LeakyRelu', unary((node) => (x) => tf.leakyRelu(x, numberAttribute(node, 'alpha', 0.01)))],
  ['Log', unary(() => tf.log)],
  ['Mish', unary(() => (x) => tf.mul(x, tf.tanh(softplus(x))))],
  ['Neg', unary(() => tf.neg)],
  ['Not', unary(() => tf.logicalNot, 'bool')],
  ['Reciprocal', unary(() => tf.reciprocal)],
  ['Relu', unary(() => tf.relu)],
  ['Round', unary(() => tf.round)],
  ['Selu', unary(selu)],
  ['Shrink', unary(shrink)],
  ['Sigmoid', unary(() => tf.sigmoid)],
  ['Sign', unary(() => tf.sign)],
  ['Sin', unary(() => tf.sin)],
  ['Sinh', unary(() => tf.sinh)],
  ['Softplus', unary(() => softplus)],
  ['Softsign', unary(() => (x) => tf.div(x, tf.add(tf.abs(x), 1)))],
  ['Sqrt', unary(() => tf.sqrt)],
  ['Swish', unary((node) => (x) => tf.mul(x, tf.sigmoid(tf.mul(x, numberAttribute(node, 'alpha', 1)))))],
  ['Tan', unary(() => tf.tan)],
  ['Tanh', unary(() => tf.tanh)],
  [
    'ThresholdedRelu',
    unary((node) => (x) => tf.mul(x, tf.cast(tf.greater(x, numberAttribute(node, 'alpha', 1)), 'float32'))),
  ],
];

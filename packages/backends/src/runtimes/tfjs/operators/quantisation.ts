import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, knownTensor, type Value } from '../plan/value.js';
import { broadcast } from './broadcast.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** Scale and zero point of one value or of each slice along `axis`, as float, ready to broadcast. */
function readScale(
  planner: Planner,
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
  x: Value,
): { scale: Value; zero: Value; range: readonly [number, number] } {
  const scale = requiredInput(node, inputs, 1);
  const zero = inputs[2];
  const axis =
    scale.dims.length === 0 ? 0 : normaliseAxis(node, numberAttribute(node, 'axis', 1), Math.max(1, x.dims.length));
  const shape =
    scale.dims.length === 0 || scale.dims[0] === 1 ? [] : x.dims.map((_, at) => (at === axis ? scale.dims[0] : 1));
  const known = zero && knownTensor(zero);
  if (!knownTensor(scale) || (zero && !known)) throw nodeError(node, 'a scale or zero point that is not constant');
  const zeros: HostTensor = known ?? {
    type: 'int',
    dims: scale.dims,
    data: new Float64Array(knownTensor(scale)?.data.length ?? 1),
  };
  return {
    scale: planner.reshape(scale, shape),
    zero: planner.reshape(planner.cast(hostValue(zeros), 'float'), shape),
    range: zeros.bounds ?? [0, 255],
  };
}

/** Quantised values travel as whole numbers in float32: exact for 8 and 16 bits. */
const quantise: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const { scale, zero, range } = readScale(planner, node, inputs, x);
  const ready = broadcast(planner, node, [x, scale, zero]);
  return [
    planner.step(ready.values, { ...ready, type: 'float' }, (a, step, offset) =>
      tf.clipByValue(tf.add(tf.round(tf.div(a, step)), offset), range[0], range[1]),
    ),
  ];
};

const dequantise: Operator = (planner, node, inputs) => {
  const x = planner.cast(requiredInput(node, inputs, 0), 'float');
  const { scale, zero } = readScale(planner, node, inputs, x);
  const ready = broadcast(planner, node, [x, scale, zero]);
  return [
    planner.step(ready.values, { ...ready, type: 'float' }, (a, step, offset) => tf.mul(tf.sub(a, offset), step)),
  ];
};

/** Quantisation written as pairs of QuantizeLinear and DequantizeLinear. */
export const quantisationOperators: readonly (readonly [string, Operator])[] = [
  ['DequantizeLinear', dequantise],
  ['QuantizeLinear', quantise],
];

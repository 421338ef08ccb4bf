import * as tf from '@tensorflow/tfjs-core';
import { type GraphNode, nodeError } from '../graph/graph.js';
import { sizeOf } from '../graph/host-tensor.js';
import { knownContent } from '../plan/content-dependence.js';
import type { Planner } from '../plan/planner.js';
import { hostValue, type Value } from '../plan/value.js';
import { broadcast } from './broadcast.js';
import { planConv2d } from './convolution.js';
import { matMul } from './matrix.js';
import { type Operator, requiredInput } from './operator.js';
import { window2d } from './window.js';

/**
 * ONNX's DynamicQuantizeLinear: 8 bits over the range of the value at hand, 0 included. What is quantised travels as whole
 * numbers in float32.
 */
const dynamicQuantise: Operator = (planner, node, inputs) => {
  const x = requiredInput(node, inputs, 0);
  const scalar = { dims: [], order: [], type: 'float' } as const;
  const scale = planner.step([x], scalar, (a) =>
    tf.div(tf.sub(tf.maximum(tf.max(a), 0), tf.minimum(tf.min(a), 0)), 255),
  );
  const zero = planner.step([x, scale], scalar, (a, step) =>
    tf.clipByValue(tf.round(tf.div(tf.neg(tf.minimum(tf.min(a), 0)), step)), 0, 255),
  );
  const quantised = planner.step([x, scale, zero], { ...x, type: 'float' }, (a, step, offset) =>
    tf.clipByValue(tf.add(tf.round(tf.div(a, step)), offset), 0, 255),
  );
  return [quantised, scale, zero];
};

/** ONNX's ConvInteger on images, in float32: exact while sums stay below 2^24, a last bit off above. */
const convInteger: Operator = (planner, node, inputs) => {
  const x = centred(planner, node, requiredInput(node, inputs, 0), inputs[2]);
  const weight = centredWeight(planner, node, requiredInput(node, inputs, 1), inputs[3], 0);
  if (x.dims.length !== 4) throw nodeError(node, `input of rank ${x.dims.length}; rank 4 is supported`);
  return [planConv2d(planner, node, x, weight, undefined, window2d(node, x.dims, weight.dims.slice(2)))];
};

/** ONNX's MatMulInteger, in float32 as ConvInteger. */
const matMulInteger: Operator = (planner, node, inputs) => {
  if (inputs[2] !== undefined && sizeOf(inputs[2].dims) > 1) throw nodeError(node, 'a zero point of each row');
  const a = centred(planner, node, requiredInput(node, inputs, 0), inputs[2]);
  const weight = requiredInput(node, inputs, 1);
  const b = centredWeight(planner, node, weight, inputs[3], weight.dims.length - 1);
  return matMul(planner, node, [a, b]);
};

/** A value less its zero point, as float. */
function centred(planner: Planner, node: GraphNode, x: Value, zero: Value | undefined): Value {
  const value = planner.cast(x, 'float');
  if (zero === undefined) return value;
  const ready = broadcast(planner, node, [value, planner.cast(zero, 'float')]);
  return planner.step(ready.values, { ...ready, type: 'float' }, (a, offset) => tf.sub(a, offset));
}

/** Weights less their zero point, of which there is one, or one for each index of `axis`. */
function centredWeight(planner: Planner, node: GraphNode, weight: Value, zero: Value | undefined, axis: number): Value {
  const known = knownContent(node, weight, 'the weights');
  const zeros = zero === undefined ? undefined : knownContent(node, zero, 'the zero point of the weights');
  return hostValue(
    planner.stores.derived.derive(known, 'less zero point', () => {
      const count = zeros?.data.length ?? 0;
      const inner = sizeOf(known.dims.slice(axis + 1));
      const data = Float32Array.from(
        known.data,
        (value, at) => value - (zeros?.data[Math.floor(at / inner) % count] ?? 0),
      );
      return { type: 'float', dims: known.dims, data };
    }),
  );
}

/** Arithmetic on 8-bit values whose range is found while the network runs. */
export const integerOperators: readonly (readonly [string, Operator])[] = [
  ['ConvInteger', convInteger],
  ['DynamicQuantizeLinear', dynamicQuantise],
  ['MatMulInteger', matMulInteger],
];

import * as tf from '@tensorflow/tfjs-core';
import { nodeError, numberAttribute } from '../graph/graph.js';
import { plainOrder, type Value } from '../plan/value.js';
import { broadcastDims } from './broadcast.js';
import { type Operator, requiredInput } from './operator.js';

/** ONNX's MatMul: NumPy's rules, vectors and batches included. */
export const matMul: Operator = (planner, node, inputs) => {
  const [left, right] = [requiredInput(node, inputs, 0), requiredInput(node, inputs, 1)];
  const a = planner.plain(left.dims.length === 1 ? planner.reshape(left, [1, ...left.dims]) : left);
  const b = planner.plain(right.dims.length === 1 ? planner.reshape(right, [...right.dims, 1]) : right);
  const [rows, inner] = a.dims.slice(-2);
  const [innerB, columns] = b.dims.slice(-2);
  if (inner !== innerB) throw nodeError(node, `inputs [${left.dims}] and [${right.dims}] do not multiply`);
  const batch = broadcastDims(node, [a.dims.slice(0, -2), b.dims.slice(0, -2)]);
  const rank = batch.length + 2;
  const pad = (value: Value): Value =>
    planner.reshape(value, [...new Array<number>(rank - value.dims.length).fill(1), ...value.dims]);
  const dims = [...batch, rows, columns];
  const product = planner.step([pad(a), pad(b)], { dims, order: plainOrder(rank), type: 'float' }, (x, y) =>
    tf.matMul(x, y),
  );
  const kept = dims.filter(
    (_, axis) => !(left.dims.length === 1 && axis === rank - 2) && !(right.dims.length === 1 && axis === rank - 1),
  );
  return [planner.reshape(product, kept)];
};

/** ONNX's Gemm: alpha A B + beta C, either matrix transposed. */
const gemm: Operator = (planner, node, inputs) => {
  const a = planner.plain(requiredInput(node, inputs, 0));
  const b = planner.plain(requiredInput(node, inputs, 1));
  const c = inputs[2];
  const [transposeA, transposeB] = [numberAttribute(node, 'transA', 0) !== 0, numberAttribute(node, 'transB', 0) !== 0];
  const [alpha, beta] = [numberAttribute(node, 'alpha', 1), numberAttribute(node, 'beta', 1)];
  const [rows, inner] = transposeA ? [...a.dims].reverse() : a.dims;
  const [innerB, columns] = transposeB ? [...b.dims].reverse() : b.dims;
  if (a.dims.length !== 2 || b.dims.length !== 2 || inner !== innerB) {
    throw nodeError(node, `inputs [${a.dims}] and [${b.dims}] do not multiply`);
  }
  const result = { dims: [rows, columns], order: [0, 1], type: 'float' as const };
  const bias = c && planner.plain(c);
  if (bias) broadcastDims(node, [result.dims, bias.dims]);
  return [planner.step(bias ? [a, b, bias] : [a, b], result, gemmKernel({ transposeA, transposeB, alpha, beta }))];
};

function gemmKernel(settings: { transposeA: boolean; transposeB: boolean; alpha: number; beta: number }) {
  const { transposeA, transposeB, alpha, beta } = settings;
  return (x: tf.Tensor, y: tf.Tensor, bias?: tf.Tensor): tf.Tensor => {
    const product = tf.matMul(x, y, transposeA, transposeB);
    const scaled = alpha === 1 ? product : tf.mul(product, alpha);
    if (!bias) return scaled;
    return tf.add(scaled, beta === 1 ? bias : tf.mul(bias, beta));
  };
}

/** Products of matrices. */
export const matrixOperators: readonly (readonly [string, Operator])[] = [
  ['Gemm', gemm],
  ['MatMul', matMul],
];

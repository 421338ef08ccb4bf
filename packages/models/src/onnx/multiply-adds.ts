import { ModelError, shortenText } from '@retinabench/core';
import { inferShapes } from './infer-shapes.js';
import type { OnnxModel } from './model.js';

/**
 * Multiplications with a weight of all convolutions and matrix products for one input, each with its addition counted as
 * one operation together (so half of what some tools call FLOPs); biases, activations and pooling are left out.
 *
 * @param inputDims of the model's input: [N, 3, height, width].
 * @returns the total, and the same by node.
 * @throws {ModelError} as inferShapes, or if a convolution or matrix product has no weights.
 */
export function countMultiplyAdds(
  model: OnnxModel,
  inputDims: readonly number[],
): { readonly total: number; readonly byNode: ReadonlyMap<string, number> } {
  const shapes = inferShapes(model, inputDims);
  const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1);
  const byNode = new Map<string, number>();
  for (const { name, op, inputs, outputs } of model.graph.nodes) {
    if (op !== 'Conv' && op !== 'MatMul') continue;
    const output = shapes.get(outputs[0] as string) ?? [];
    const weight = shapes.get(inputs[1] as string) ?? [];
    const count = product(output) * (op === 'Conv' ? product(weight.slice(1)) : (weight[0] ?? Number.NaN));
    if (weight.length < 2 || !Number.isSafeInteger(count)) {
      throw new ModelError(
        `node ${shortenText(name)} (${op}): expected weights of two or more axes and a number of operations below 2^53, got weights [${weight.join(', ')}] and an output [${output.join(', ')}]; check the model`,
      );
    }
    byNode.set(name, count);
  }
  return { total: [...byNode.values()].reduce((sum, count) => sum + count, 0), byNode };
}

import { inferShapes } from './infer-shapes.js';
import type { OnnxModel } from './model.js';

/**
 * Multiplications with a weight of all convolutions and matrix products for one input, each with its addition counted as
 * one operation together (so half of what some tools call FLOPs); biases, activations and pooling are left out.
 *
 * @param inputDims of the model's input: [N, 3, height, width].
 * @returns the total, and the same by node.
 * @throws {ModelError} as inferShapes.
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
    byNode.set(name, product(output) * (op === 'Conv' ? product(weight.slice(1)) : (weight[0] as number)));
  }
  return { total: [...byNode.values()].reduce((sum, count) => sum + count, 0), byNode };
}

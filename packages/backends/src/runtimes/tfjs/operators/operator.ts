import { type GraphNode, nodeError } from '../graph/graph.js';
import type { Planner } from '../plan/planner.js';
import type { Value } from '../plan/value.js';

/**
 * Plans one node: computes the dimensions of its outputs, chooses the storage order and adds the steps.
 *
 * @param inputs undefined where an optional input is absent.
 * @returns the outputs that are supported, in ONNX's order.
 */
export type Operator = (planner: Planner, node: GraphNode, inputs: readonly (Value | undefined)[]) => readonly Value[];

/** Input `index`, which the operator cannot do without. */
export function requiredInput(node: GraphNode, inputs: readonly (Value | undefined)[], index: number): Value {
  const value = inputs[index];
  if (!value) throw nodeError(node, `input ${index} is missing`);
  return value;
}

/** An axis counted from the front. @throws {ModelError} if it is not one of `rank` axes. */
export function normaliseAxis(node: GraphNode, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(normal) || normal < 0 || normal >= rank) {
    throw nodeError(node, `axis ${axis} of a tensor of rank ${rank}`);
  }
  return normal;
}

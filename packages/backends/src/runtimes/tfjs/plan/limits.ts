import { type GraphNode, nodeError } from '../graph/graph.js';
import { sizeOf } from '../graph/host-tensor.js';

/** Most elements of all constants together that are computed while planning: 128 MiB of float64. */
export const foldLimit = 2 ** 24;

/** Longest axis that a list of indices is made for; the longest side of an image is far below. */
const axisLimit = 2 ** 20;

/** Most elements of a tensor: 8 GiB of float32, more than any run has. */
const tensorLimit = 2 ** 31;

/**
 * A length, count or number of groups out of a file, before anything is made of that many parts.
 *
 * @throws {ModelError} if it is not a whole number from 0 to `most`.
 */
export function checkedCount(node: GraphNode, count: number, what: string, most: number = axisLimit): number {
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw nodeError(node, `${what}: expected a whole number from 0 to ${most}, got ${count}`);
  }
  return count;
}

/**
 * The dimensions of a result, before a step that makes it is planned.
 *
 * @throws {ModelError} if one is no whole number of at least 0, or the tensor has more than 2^31 elements.
 */
export function checkedDims(node: GraphNode, dims: readonly number[]): void {
  if (!dims.every((dim) => Number.isInteger(dim) && dim >= 0) || sizeOf(dims) > tensorLimit) {
    throw nodeError(node, `a tensor of dimensions [${dims.slice(0, 16)}] at this input size`);
  }
}

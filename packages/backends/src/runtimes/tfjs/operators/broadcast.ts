import { type GraphNode, nodeError } from '../graph/graph.js';
import type { Planner } from '../plan/planner.js';
import { plainOrder, type Value, valueSize } from '../plan/value.js';

/** Dimensions that two or more tensors broadcast to. @throws {ModelError} if they do not. */
export function broadcastDims(node: GraphNode, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1).filter((length) => length !== 1);
    if (lengths.some((length) => length !== lengths[0])) {
      throw nodeError(node, `inputs of dimensions ${shapes.map((dims) => `[${dims}]`).join(' and ')} do not broadcast`);
    }
    return lengths[0] ?? 1;
  });
}

/** Values made ready for one broadcasting kernel: same rank, and stored like the largest of them that is computed. */
export interface Broadcast {
  readonly values: readonly Value[];
  readonly dims: readonly number[];
  readonly order: readonly number[];
}

/** Bring values to one rank and one storage order; small constants follow the large tensors, never the reverse. */
export function broadcast(planner: Planner, node: GraphNode, values: readonly Value[]): Broadcast {
  const dims = broadcastDims(
    node,
    values.map((value) => value.dims),
  );
  const ranked = values.map((value) =>
    planner.reshape(value, [...new Array<number>(dims.length - value.dims.length).fill(1), ...value.dims]),
  );
  const computed = ranked.filter(({ source }) => source.kind === 'slot');
  const largest = computed.reduce<Value | undefined>(
    (best, value) => (best && valueSize(best) >= valueSize(value) ? best : value),
    undefined,
  );
  const order = largest?.order ?? plainOrder(dims.length);
  return { values: ranked.map((value) => planner.inOrder(value, order)), dims, order };
}

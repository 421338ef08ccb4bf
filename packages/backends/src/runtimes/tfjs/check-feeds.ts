import { ShapeError } from '@retinabench/core';
import type { Tensor } from '../../backend/backend.js';
import type { Graph } from './graph/graph.js';
import { sizeOf } from './graph/host-tensor.js';

/**
 * The tensors that are fed, in the order of the network's inputs.
 *
 * @throws {ShapeError} naming the input that is missing, unknown, or of another size than the network takes.
 */
export function checkFeeds(
  { place, inputs }: Pick<Graph, 'place' | 'inputs'>,
  feeds: Readonly<Record<string, Tensor>>,
): Tensor[] {
  const names = inputs.map(({ name }) => name);
  const extra = Object.keys(feeds).find((name) => !names.includes(name));
  if (extra !== undefined) {
    throw new ShapeError(`${place}: input "${extra}" is unknown; the model takes ${names.join(', ')}`);
  }
  return inputs.map(({ name, dims }) => {
    const feed = feeds[name];
    if (!feed) throw new ShapeError(`${place}: input "${name}" is missing`);
    const got = `[${feed.dims.join(', ')}]`;
    if (
      dims &&
      (feed.dims.length !== dims.length || dims.some((dim, axis) => dim !== undefined && dim !== feed.dims[axis]))
    ) {
      const expected = dims.map((dim) => dim ?? '?').join(', ');
      throw new ShapeError(
        `${place}: input "${name}": expected dimensions [${expected}], got ${got}; give the size that the model takes`,
      );
    }
    if (sizeOf(feed.dims) !== feed.data.length || feed.dims.some((dim) => !Number.isInteger(dim) || dim < 1)) {
      throw new ShapeError(`${place}: input "${name}": dimensions ${got} do not fit ${feed.data.length} elements`);
    }
    return feed;
  });
}

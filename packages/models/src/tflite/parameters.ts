import type { TfliteModel } from './model.js';

/** Elements of all constants of more than one element that are numbers of the network, not shapes. */
export function countTfliteParameters({ tensors }: TfliteModel): number {
  return tensors
    .filter(({ data, type }) => data !== undefined && type !== 'int32' && type !== 'int64')
    .reduce((sum, { dims }) => sum + dims.reduce((size, dim) => size * dim, 1), 0);
}

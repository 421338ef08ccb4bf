import { plainOrder } from './value.js';

/** How to reshape without touching the bytes: store the input in `before`, then the output lies in `after`. */
export interface ReshapeOrder {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * Find the storage order in which a reshape moves no bytes, as close to the present order as there is one.
 *
 * A reshape splits and merges runs of axes: [N, C, H, W] to [N, G, C / G, H, W] splits C. Each run of old axes
 * whose product equals that of a run of new axes is a group; a group can be reshaped in place exactly if its axes lie
 * side by side in ONNX's order. Groups themselves may lie anywhere, so channels-last memory survives a reshape of
 * channels (channel shuffle) and the flattening of a grid whose channels lie last.
 *
 * @param dims    old dimensions, ONNX order, none 0.
 * @param order   how the old tensor is stored.
 * @param newDims new dimensions of the same product.
 */
export function reshapeOrder(
  dims: readonly number[],
  order: readonly number[],
  newDims: readonly number[],
): ReshapeOrder {
  const groups = matchGroups(dims, newDims);
  const groupOf = new Map(groups.flatMap(({ from }, group) => from.map((axis) => [axis, group] as const)));
  const sequence: number[] = [];
  for (const axis of order) {
    const group = groupOf.get(axis);
    if (group !== undefined && !sequence.includes(group)) sequence.push(group);
  }
  const ones = plainOrder(dims.length).filter((axis) => !groupOf.has(axis));
  const newLong = new Set(groups.flatMap(({ to }) => to));
  const newOnes = plainOrder(newDims.length).filter((axis) => !newLong.has(axis));
  return {
    before: [...ones, ...sequence.flatMap((group) => groups[group].from)],
    after: [...newOnes, ...sequence.flatMap((group) => groups[group].to)],
  };
}

/** The shortest runs of axes longer than 1 with equal products. */
function matchGroups(dims: readonly number[], newDims: readonly number[]): { from: number[]; to: number[] }[] {
  const old = plainOrder(dims.length).filter((axis) => dims[axis] !== 1);
  const fresh = plainOrder(newDims.length).filter((axis) => newDims[axis] !== 1);
  const groups: { from: number[]; to: number[] }[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < fresh.length) {
    const group = { from: [old[i]], to: [fresh[j]] };
    let left = dims[old[i++]];
    let right = newDims[fresh[j++]];
    while (left !== right) {
      if (left < right) {
        group.from.push(old[i]);
        left *= dims[old[i++]];
      } else {
        group.to.push(fresh[j]);
        right *= newDims[fresh[j++]];
      }
    }
    groups.push(group);
  }
  return groups;
}

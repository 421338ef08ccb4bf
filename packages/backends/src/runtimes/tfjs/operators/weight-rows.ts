import type { HostTensor } from '../graph/host-tensor.js';
import type { Planner } from '../plan/planner.js';
import { knownTensor, type Value } from '../plan/value.js';
import { planSlice } from './slice.js';

/** Rows of a weight along its first axis; remembered with the weight. */
export function sliceWeight(planner: Planner, weight: Value, start: number, length: number): Value {
  const known = knownTensor(weight);
  if (!known) return planSlice(planner, weight, 0, start, length);
  const sliced = planner.stores.derived.derive(known, `rows ${start} ${length}`, (): HostTensor => {
    const row = known.data.length / known.dims[0];
    return {
      ...known,
      dims: [length, ...known.dims.slice(1)],
      data: known.data.slice(start * row, (start + length) * row),
    };
  });
  return { ...weight, dims: sliced.dims, source: { kind: 'host', tensor: sliced } };
}

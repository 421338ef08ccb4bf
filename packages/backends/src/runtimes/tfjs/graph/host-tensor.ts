/** What a tensor's elements are. ONNX's integer types are one type here: exact up to 2^53. */
export type ElementType = 'float' | 'int' | 'bool';

/** A tensor known when the network is planned: a weight, or a shape that was computed from the input's size. */
export interface HostTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Row-major in the order of `dims`; float64 for integers and booleans. */
  readonly data: Float32Array | Float64Array;
  /** Of an 8- or 16-bit integer type, its range. */
  readonly bounds?: readonly [number, number];
}

/** Number of elements of a tensor of these dimensions; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A one-dimensional integer tensor. */
export function hostInts(values: readonly number[]): HostTensor {
  return { type: 'int', dims: [values.length], data: Float64Array.from(values) };
}

/**
 * Store a tensor's axes in another order.
 *
 * @param order position p of the result holds axis `order[p]` of `tensor`.
 * Cost: O(size), one allocation; the same tensor where the order is the present one.
 */
export function permuteHost(tensor: HostTensor, order: readonly number[]): HostTensor {
  if (order.every((axis, position) => axis === position)) return tensor;
  const dims = order.map((axis) => tensor.dims[axis]);
  const strides = rowMajorStrides(tensor.dims);
  const steps = order.map((axis) => strides[axis]);
  const data = tensor.type === 'float' ? new Float32Array(tensor.data.length) : new Float64Array(tensor.data.length);
  const index = new Array<number>(dims.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = tensor.data[from];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < dims[axis]) break;
      from -= steps[axis] * dims[axis];
      index[axis] = 0;
    }
  }
  return { type: tensor.type, dims, data };
}

/** Elements to skip for one step along each axis of a row-major tensor. */
export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * dims[axis + 1];
  return strides;
}

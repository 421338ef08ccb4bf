import { type GraphNode, nodeError, numberAttribute } from '../graph/graph.js';
import { type HostTensor, rowMajorStrides, sizeOf } from '../graph/host-tensor.js';
import { knownContent } from '../plan/content-dependence.js';
import { hostValue, type Value } from '../plan/value.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

/** Operators whose result has as many rows as the content says; they are carried out when all that they read is known. */

function read(node: GraphNode, inputs: readonly (Value | undefined)[], index: number): HostTensor {
  return knownContent(node, requiredInput(node, inputs, index), `input ${index}`);
}

function likeOf(tensor: HostTensor, dims: readonly number[], data: ArrayLike<number>): Value {
  const made = tensor.type === 'float' ? Float32Array.from(data) : Float64Array.from(data);
  return hostValue({ type: tensor.type, dims, data: made });
}

/** ONNX's NonZero: the places of elements other than 0, one column each. */
const nonZero: Operator = (_planner, node, inputs) => {
  const { dims, data } = read(node, inputs, 0);
  const rank = Math.max(dims.length, 1);
  const strides = rowMajorStrides(dims);
  const places: number[] = [];
  data.forEach((value, at) => {
    if (value !== 0) places.push(at);
  });
  const columns = new Float64Array(rank * places.length);
  places.forEach((place, column) => {
    for (let axis = 0; axis < dims.length; axis++) {
      columns[axis * places.length + column] = Math.floor(place / strides[axis]) % dims[axis];
    }
  });
  return [hostValue({ type: 'int', dims: [rank, places.length], data: columns })];
};

/** ONNX's TopK along an axis; of equal elements the first comes first. */
const topK: Operator = (_planner, node, inputs) => {
  const tensor = read(node, inputs, 0);
  const count = inputs[1] === undefined ? numberAttribute(node, 'k', Number.NaN) : read(node, inputs, 1).data[0];
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', -1), tensor.dims.length);
  const length = tensor.dims[axis];
  if (!Number.isInteger(count) || count < 0 || count > length) {
    throw nodeError(node, `the ${count} best of an axis of ${length}`);
  }
  const largest = numberAttribute(node, 'largest', 1) !== 0 ? 1 : -1;
  const inner = sizeOf(tensor.dims.slice(axis + 1));
  const outer = sizeOf(tensor.dims.slice(0, axis));
  const dims = tensor.dims.map((size, at) => (at === axis ? count : size));
  const values = new Float64Array(outer * count * inner);
  const indices = new Float64Array(values.length);
  for (let before = 0; before < outer; before++) {
    for (let after = 0; after < inner; after++) {
      const from = before * length * inner + after;
      const order = Array.from({ length }, (_, index) => index).sort(
        (a, b) => largest * (tensor.data[from + b * inner] - tensor.data[from + a * inner]) || a - b,
      );
      for (let rank = 0; rank < count; rank++) {
        const to = (before * count + rank) * inner + after;
        values[to] = tensor.data[from + order[rank] * inner];
        indices[to] = order[rank];
      }
    }
  }
  return [likeOf(tensor, dims, values), hostValue({ type: 'int', dims, data: indices })];
};

/** ONNX's GatherElements: out[i][j] = x[index[i][j]][j] for axis 0. */
const gatherElements: Operator = (_planner, node, inputs) => {
  const tensor = read(node, inputs, 0);
  const indices = read(node, inputs, 1);
  const axis = normaliseAxis(node, numberAttribute(node, 'axis', 0), tensor.dims.length);
  const strides = rowMajorStrides(tensor.dims);
  const steps = rowMajorStrides(indices.dims);
  const data = Float64Array.from(indices.data, (index, at) => {
    let from = 0;
    for (const [position, size] of indices.dims.entries()) {
      const place =
        position === axis ? inside(node, index, tensor.dims[axis]) : Math.floor(at / steps[position]) % size;
      from += place * strides[position];
    }
    return tensor.data[from];
  });
  return [likeOf(tensor, indices.dims, data)];
};

/** ONNX's GatherND without batch axes: each row of indices names a slice. */
const gatherNd: Operator = (_planner, node, inputs) => {
  const tensor = read(node, inputs, 0);
  const indices = read(node, inputs, 1);
  if (numberAttribute(node, 'batch_dims', 0) !== 0) throw nodeError(node, 'batch_dims is not supported');
  const depth = indices.dims[indices.dims.length - 1];
  const strides = rowMajorStrides(tensor.dims);
  const rest = tensor.dims.slice(depth);
  const length = sizeOf(rest);
  const rows = depth === 0 ? 0 : indices.data.length / depth;
  const data = new Float64Array(rows * length);
  for (let row = 0; row < rows; row++) {
    let from = 0;
    for (let axis = 0; axis < depth; axis++) {
      from += inside(node, indices.data[row * depth + axis], tensor.dims[axis]) * strides[axis];
    }
    data.set(tensor.data.subarray(from, from + length), row * length);
  }
  return [likeOf(tensor, [...indices.dims.slice(0, -1), ...rest], data)];
};

/** ONNX's ScatterND without reduction: each row of indices names a slice that is replaced. */
const scatterNd: Operator = (_planner, node, inputs) => {
  const tensor = read(node, inputs, 0);
  const indices = read(node, inputs, 1);
  const updates = read(node, inputs, 2);
  if (node.attributes.has('reduction') && node.attributes.get('reduction') !== 'none') {
    throw nodeError(node, 'a reduction is not supported');
  }
  const depth = indices.dims[indices.dims.length - 1];
  const strides = rowMajorStrides(tensor.dims);
  const length = sizeOf(tensor.dims.slice(depth));
  const rows = depth === 0 ? 0 : indices.data.length / depth;
  if (updates.data.length !== rows * length) {
    throw nodeError(node, `updates [${updates.dims}] for ${rows} slices of ${length} elements`);
  }
  const data = Float64Array.from(tensor.data);
  for (let row = 0; row < rows; row++) {
    let to = 0;
    for (let axis = 0; axis < depth; axis++) {
      to += inside(node, indices.data[row * depth + axis], tensor.dims[axis]) * strides[axis];
    }
    data.set(updates.data.subarray(row * length, (row + 1) * length), to);
  }
  return [likeOf(tensor, tensor.dims, data)];
};

/** ONNX's Compress: the slices of an axis, or the elements, where the condition holds. */
const compress: Operator = (_planner, node, inputs) => {
  const tensor = read(node, inputs, 0);
  const condition = read(node, inputs, 1);
  const flat = !node.attributes.has('axis');
  const dims = flat ? [tensor.data.length] : tensor.dims;
  const axis = flat ? 0 : normaliseAxis(node, numberAttribute(node, 'axis', 0), dims.length);
  const kept = Array.from({ length: Math.min(condition.data.length, dims[axis]) }, (_, index) => index).filter(
    (index) => condition.data[index] !== 0,
  );
  const inner = sizeOf(dims.slice(axis + 1));
  const outer = sizeOf(dims.slice(0, axis));
  const data = new Float64Array(outer * kept.length * inner);
  for (let before = 0, to = 0; before < outer; before++) {
    for (const index of kept) {
      const from = (before * dims[axis] + index) * inner;
      data.set(tensor.data.subarray(from, from + inner), to);
      to += inner;
    }
  }
  return [
    likeOf(
      tensor,
      dims.map((size, at) => (at === axis ? kept.length : size)),
      data,
    ),
  ];
};

function inside(node: GraphNode, index: number, size: number): number {
  const place = index < 0 ? index + size : index;
  if (!(place >= 0 && place < size)) throw nodeError(node, `index ${index} of an axis of ${size}`);
  return place;
}

/** Selections by content. */
export const selectionOperators: readonly (readonly [string, Operator])[] = [
  ['Compress', compress],
  ['GatherElements', gatherElements],
  ['GatherND', gatherNd],
  ['NonZero', nonZero],
  ['ScatterND', scatterNd],
  ['TopK', topK],
];

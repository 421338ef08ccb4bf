import { type GraphNode, nodeError, numberAttribute, numbersAttribute } from '../graph/graph.js';
import { type HostTensor, hostInts, sizeOf } from '../graph/host-tensor.js';
import { checkedCount, foldLimit } from '../plan/limits.js';
import { hostValue, plainOrder, type Value } from '../plan/value.js';
import { normaliseAxis, type Operator, requiredInput } from './operator.js';

const identity: Operator = (_planner, node, inputs) => [requiredInput(node, inputs, 0)];

const shape: Operator = (_planner, node, inputs) => {
  const { dims } = requiredInput(node, inputs, 0);
  const end = numberAttribute(node, 'end', dims.length);
  return [hostValue(hostInts(dims.slice(numberAttribute(node, 'start', 0), end)))];
};

const size: Operator = (_planner, node, inputs) => {
  const data = Float64Array.of(sizeOf(requiredInput(node, inputs, 0).dims));
  return [hostValue({ type: 'int', dims: [], data })];
};

const constant: Operator = (_planner, node) => [hostValue(constantTensor(node))];

/** The tensor of a Constant node. @throws {ModelError} if it has none of numbers. */
export function constantTensor(node: GraphNode): HostTensor {
  const value = node.attributes.get('value');
  if (typeof value === 'object' && 'data' in value) return value;
  if (node.attributes.has('value_int')) {
    return { type: 'int', dims: [], data: Float64Array.of(numberAttribute(node, 'value_int', 0)) };
  }
  if (node.attributes.has('value_float')) {
    return { type: 'float', dims: [], data: Float32Array.of(numberAttribute(node, 'value_float', 0)) };
  }
  const ints = numbersAttribute(node, 'value_ints');
  if (ints !== undefined) return hostInts(ints);
  const floats = numbersAttribute(node, 'value_floats');
  if (floats !== undefined) return { type: 'float', dims: [floats.length], data: Float32Array.from(floats) };
  throw nodeError(node, 'only constants of numbers are supported');
}

const constantOfShape: Operator = (planner, node, inputs) => {
  const dims = planner.numbers(requiredInput(node, inputs, 0), 'the shape');
  const count = sizeOf(dims.map((dim) => checkedCount(node, dim, 'a dimension', foldLimit)));
  planner.reserve(count);
  const given = node.attributes.get('value');
  const value: HostTensor =
    typeof given === 'object' && 'data' in given ? given : { type: 'float', dims: [1], data: new Float32Array(1) };
  const data = value.type === 'float' ? new Float32Array(count) : new Float64Array(count);
  return [hostValue({ type: value.type, dims, data: data.fill(value.data[0]) })];
};

const range: Operator = (planner, node, inputs) => {
  const start = requiredInput(node, inputs, 0);
  const [first, limit, delta] = [0, 1, 2].map((i) => planner.numbers(requiredInput(node, inputs, i), 'a bound')[0]);
  const count = Math.max(0, Math.ceil((limit - first) / delta));
  planner.reserve(count);
  const values = Float64Array.from({ length: count }, (_, i) => first + i * delta);
  const data = start.type === 'float' ? Float32Array.from(values) : values;
  return [hostValue({ type: start.type, dims: [count], data })];
};

const reshape: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const wanted = inputs[1] ? planner.numbers(inputs[1], 'the shape') : [...(numbersAttribute(node, 'shape') ?? [])];
  const zeroIsZero = numberAttribute(node, 'allowzero', 0) !== 0;
  const dims = wanted.map((dim, axis) => (dim === 0 && !zeroIsZero ? (value.dims[axis] ?? 0) : dim));
  const free = dims.indexOf(-1);
  const rest = dims.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  if (free >= 0) dims[free] = rest === 0 ? 0 : sizeOf(value.dims) / rest;
  if (sizeOf(dims) !== sizeOf(value.dims) || dims.some((dim) => !Number.isInteger(dim) || dim < 0)) {
    throw nodeError(node, `cannot reshape [${value.dims}] to [${wanted}]`);
  }
  return [planner.reshape(value, dims)];
};

const flatten: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const written = numberAttribute(node, 'axis', 1);
  const axis = written < 0 ? written + value.dims.length : written;
  return [planner.reshape(value, [sizeOf(value.dims.slice(0, axis)), sizeOf(value.dims.slice(axis))])];
};

const transpose: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const permutation = numbersAttribute(node, 'perm') ?? plainOrder(value.dims.length).reverse();
  const sorted = [...permutation].sort((a, b) => a - b);
  if (sorted.length !== value.dims.length || sorted.some((axis, index) => axis !== index)) {
    throw nodeError(node, `permutation [${permutation}] of ${value.dims.length} axes`);
  }
  return [planner.transpose(value, permutation)];
};

const squeeze: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const axes = readAxes(planner.numbers.bind(planner), node, inputs[1], value.dims.length);
  const removed = axes ?? plainOrder(value.dims.length).filter((axis) => value.dims[axis] === 1);
  if (removed.some((axis) => value.dims[axis] !== 1))
    throw nodeError(node, `axes [${removed}] of [${value.dims}] are not all 1`);
  return [
    planner.reshape(
      value,
      value.dims.filter((_, axis) => !removed.includes(axis)),
    ),
  ];
};

const unsqueeze: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const written = inputs[1] ? planner.numbers(inputs[1], 'the axes') : (numbersAttribute(node, 'axes') ?? []);
  const rank = value.dims.length + written.length;
  const added = new Set(written.map((axis) => normaliseAxis(node, axis, rank)));
  const rest = [...value.dims];
  return [
    planner.reshape(
      value,
      plainOrder(rank).map((axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1))),
    ),
  ];
};

/** Axes from an input or the attribute `axes`, counted from the front; undefined where neither is there. */
export function readAxes(
  numbers: (value: Value, what: string) => number[],
  node: GraphNode,
  input: Value | undefined,
  rank: number,
): number[] | undefined {
  const written = input ? numbers(input, 'the axes') : numbersAttribute(node, 'axes');
  return written?.map((axis) => normaliseAxis(node, axis, rank));
}

/** ONNX's DepthToSpace: blocks of channels become blocks of cells. */
const depthToSpace: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const block = numberAttribute(node, 'blocksize', 1);
  const [batch, channels, height, width] = value.dims;
  const depth = channels / block ** 2;
  const columnFirst = node.attributes.get('mode') === 'CRD';
  const split = columnFirst ? [batch, depth, block, block, height, width] : [batch, block, block, depth, height, width];
  const permutation = columnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const moved = planner.transpose(planner.reshape(value, split), permutation);
  return [planner.reshape(moved, [batch, depth, height * block, width * block])];
};

/** ONNX's SpaceToDepth: blocks of cells become blocks of channels. */
const spaceToDepth: Operator = (planner, node, inputs) => {
  const value = requiredInput(node, inputs, 0);
  const block = numberAttribute(node, 'blocksize', 1);
  const [batch, channels, height, width] = value.dims;
  const [rows, columns] = [height / block, width / block];
  const moved = planner.transpose(
    planner.reshape(value, [batch, channels, rows, block, columns, block]),
    [0, 3, 5, 1, 2, 4],
  );
  return [planner.reshape(moved, [batch, channels * block ** 2, rows, columns])];
};

/** Operators that only rename, reshape or make up tensors. */
export const shapeOperators: readonly (readonly [string, Operator])[] = [
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['DepthToSpace', depthToSpace],
  ['Dropout', identity],
  ['Flatten', flatten],
  ['Identity', identity],
  ['Range', range],
  ['Reshape', reshape],
  ['Shape', shape],
  ['Size', size],
  ['SpaceToDepth', spaceToDepth],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
];

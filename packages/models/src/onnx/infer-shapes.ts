import { ModelError, shortenText } from '@retinabench/core';
import type { OnnxGraph, OnnxModel, OnnxNode } from './model.js';
import { tensorValues } from './tensor-values.js';

/** What is known about a value: its dimensions, and its elements if it is a small list of whole numbers. */
interface Known {
  readonly dims: readonly number[];
  readonly numbers?: readonly number[];
}

/** Longest list of whole numbers that is followed: shapes, axes and lengths are no longer. */
const longestList = 64;

/** Operators that keep the dimensions of their first input. */
const elementwise = new Set(['Relu', 'LeakyRelu', 'Clip', 'Sigmoid', 'Exp', 'Floor', 'Cast', 'Softmax', 'Tanh']);

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => Math.trunc(a / b),
  Max: (a, b) => Math.max(a, b),
};

/**
 * The dimensions of every value of a model for one input size. Covers the operators that the graph writer uses.
 *
 * @param inputDims of the model's first input.
 * @returns dimensions by name of value.
 * @throws {ModelError} naming node and operator if its output's dimensions cannot be told.
 * Cost: O(nodes).
 */
export function inferShapes(model: OnnxModel, inputDims: readonly number[]): Map<string, readonly number[]> {
  const known = new Map<string, Known>();
  for (const tensor of model.graph.initialisers) {
    const small = tensor.elementType === 'int64' && tensor.dims.length < 2 && (tensor.dims[0] ?? 1) <= longestList;
    known.set(tensor.name, { dims: tensor.dims, ...(small ? { numbers: [...tensorValues(tensor)] } : {}) });
  }
  known.set(firstInput(model.graph), { dims: inputDims });
  for (const node of model.graph.nodes) {
    const inputs = node.inputs.map((name) => known.get(name));
    const outputs = node.op === 'Split' ? split(node, inputs) : [inferOne(node, inputs)];
    for (const [index, name] of node.outputs.entries()) known.set(name, checked(node, outputs[index]));
  }
  return new Map([...known].map(([name, { dims }]) => [name, dims]));
}

/** What a graph can say by mistake or on purpose: no such output, a fraction, less than nothing, lists without end. */
function checked(node: OnnxNode, output: Known | undefined): Known {
  if (output === undefined || output.dims.length > longestList) throw cannot(node);
  if (!output.dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) throw cannot(node);
  return output.numbers !== undefined && output.numbers.length > longestList ? { dims: output.dims } : output;
}

function firstInput({ name, inputs }: OnnxGraph): string {
  if (inputs[0] === undefined) throw new ModelError(`graph ${shortenText(name)}: expected an input, got none`);
  return inputs[0].name;
}

function inferOne(node: OnnxNode, inputs: readonly (Known | undefined)[]): Known {
  const [first, second] = inputs;
  if (first === undefined) throw cannot(node);
  if (elementwise.has(node.op)) return first;
  if (Object.hasOwn(arithmetic, node.op)) return combine(node, first, second);
  switch (node.op) {
    case 'Conv':
      return { dims: [first.dims[0] ?? 0, second?.dims[0] ?? 0, ...window(node, first.dims, second?.dims.slice(2))] };
    case 'MaxPool':
    case 'AveragePool':
      return { dims: [...first.dims.slice(0, 2), ...window(node, first.dims, ints(node, 'kernel_shape'))] };
    case 'GlobalAveragePool':
      return { dims: first.dims.map((dim, axis) => (axis < 2 ? dim : 1)) };
    case 'MatMul':
      return { dims: [...first.dims.slice(0, -1), second?.dims.at(-1) ?? 0] };
    case 'Shape':
      return { dims: [first.dims.length], numbers: first.dims };
    case 'Slice':
      return sliceList(node, inputs);
    case 'Concat':
      return concat(node, inputs);
    case 'Resize':
      return { dims: numbersOf(node, inputs[3]) };
    case 'Reshape':
      return { dims: reshaped(first.dims, numbersOf(node, second)) };
    case 'Transpose':
      return { dims: (ints(node, 'perm') ?? []).map((axis) => first.dims[axis] ?? 0) };
    case 'Pad': {
      const pads = numbersOf(node, second);
      return { dims: first.dims.map((dim, axis) => dim + (pads[axis] ?? 0) + (pads[axis + first.dims.length] ?? 0)) };
    }
    default:
      throw cannot(node);
  }
}

/** Sides after a window slides over a padded map. */
function window(node: OnnxNode, dims: readonly number[], kernel: readonly number[] = []): number[] {
  const pads = ints(node, 'pads') ?? [0, 0, 0, 0];
  return kernel.map((size, axis) => {
    const reach = (size - 1) * (ints(node, 'dilations')?.[axis] ?? 1) + 1;
    const padded = (dims[axis + 2] ?? 0) + (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    return Math.floor((padded - reach) / (ints(node, 'strides')?.[axis] ?? 1)) + 1;
  });
}

function combine(node: OnnxNode, first: Known, second: Known | undefined): Known {
  if (second === undefined) throw cannot(node);
  const [longer, shorter] = first.dims.length >= second.dims.length ? [first, second] : [second, first];
  const lead = longer.dims.length - shorter.dims.length;
  const dims = longer.dims.map((dim, axis) => Math.max(dim, shorter.dims[axis - lead] ?? 1));
  const { numbers: a } = first;
  const { numbers: b } = second;
  if (a === undefined || b === undefined) return { dims };
  const apply = arithmetic[node.op] as (a: number, b: number) => number;
  return { dims, numbers: a.map((value, index) => apply(value, b[b.length === 1 ? 0 : index] ?? 0)) };
}

function sliceList(node: OnnxNode, inputs: readonly (Known | undefined)[]): Known {
  const numbers = numbersOf(node, inputs[0]).slice(numbersOf(node, inputs[1])[0], numbersOf(node, inputs[2])[0]);
  return { dims: [numbers.length], numbers };
}

function concat(node: OnnxNode, inputs: readonly (Known | undefined)[]): Known {
  const parts = inputs.filter((part): part is Known => part !== undefined);
  const axis = int(node, 'axis');
  const dims = (parts[0]?.dims ?? []).map((dim, at) =>
    at === axis ? parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0) : dim,
  );
  const lists = parts.map(({ numbers }) => numbers);
  return lists.some((list) => list === undefined) ? { dims } : { dims, numbers: lists.flatMap((list) => list ?? []) };
}

function split(node: OnnxNode, [first, sizes]: readonly (Known | undefined)[]): Known[] {
  if (first === undefined) throw cannot(node);
  const axis = int(node, 'axis');
  return numbersOf(node, sizes).map((size) => ({ dims: first.dims.map((dim, at) => (at === axis ? size : dim)) }));
}

function reshaped(from: readonly number[], wanted: readonly number[]): number[] {
  const count = from.reduce((product, dim) => product * dim, 1);
  const dims = wanted.map((dim, axis) => (dim === 0 ? (from[axis] ?? 0) : dim));
  const fixed = dims.filter((dim) => dim > 0).reduce((product, dim) => product * dim, 1);
  return dims.map((dim) => (dim < 0 ? count / fixed : dim));
}

function numbersOf(node: OnnxNode, value: Known | undefined): readonly number[] {
  if (value?.numbers === undefined) throw cannot(node);
  return value.numbers;
}

function ints(node: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'ints' ? attribute.value : undefined;
}

function int(node: OnnxNode, name: string): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'int' ? attribute.value : 0;
}

function cannot(node: OnnxNode): ModelError {
  return new ModelError(
    `node ${shortenText(node.name)} (${shortenText(node.op)}): its output's dimensions cannot be told; counting covers models of the graph writer`,
  );
}

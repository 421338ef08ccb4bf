import { type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor, writeOnnx } from '@retinabench/models';

/** A constant input of a node, or undefined for an input left out. */
export type Constant =
  | { readonly kind: 'float'; readonly dims: readonly number[]; readonly values: readonly number[] }
  | {
      readonly kind: 'int64' | 'int8' | 'uint8' | 'bool';
      readonly dims: readonly number[];
      readonly values: readonly number[];
    };

/** One node as a test writes it. */
export interface NodeCase {
  readonly op: string;
  readonly attributes?: Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;
  /** Dimensions of the float inputs that the test feeds, before the constants. */
  readonly feeds: readonly (readonly number[])[];
  readonly constants?: readonly (Constant | undefined)[];
  readonly outputs?: number;
  readonly opset?: number;
}

export const floats = (dims: readonly number[], values: readonly number[]): Constant => ({
  kind: 'float',
  dims,
  values,
});
export const ints = (...values: number[]): Constant => ({ kind: 'int64', dims: [values.length], values });

/** The bytes of a model of a single node; a Cast makes its outputs float where `castOutput`. */
export function singleNodeModel(node: NodeCase, castOutput = false): Uint8Array {
  const initialisers: OnnxTensor[] = [];
  const constants = (node.constants ?? []).map((constant, index) => {
    if (!constant) return '';
    initialisers.push(tensorOf(`constant${index}`, constant));
    return `constant${index}`;
  });
  const names = Array.from({ length: node.outputs ?? 1 }, (_, index) => `y${index}`);
  const inner = castOutput ? names.map((name) => `${name}_raw`) : names;
  const casts = castOutput ? names.map((name, index) => castNode(inner[index], name)) : [];
  const main: OnnxNode = {
    name: 'under-test',
    op: node.op,
    domain: '',
    inputs: [...node.feeds.map((_, index) => `x${index}`), ...constants],
    outputs: inner,
    attributes: Object.fromEntries(
      Object.entries(node.attributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
    ),
  };
  return graphModel(node.feeds, [main, ...casts], names, initialisers, node.opset ?? 17);
}

/** The bytes of a model of the given nodes over float inputs x0, x1, ...; outputs by name alone leave their shape open. */
export function graphModel(
  feeds: readonly (readonly (number | string)[])[],
  nodes: readonly OnnxNode[],
  outputs: readonly (string | { readonly name: string; readonly dims: readonly (number | string)[] })[],
  initialisers: readonly OnnxTensor[],
  opset = 17,
): Uint8Array {
  const model: OnnxModel = {
    irVersion: 8,
    opset,
    producer: 'test',
    graph: {
      name: 'test',
      nodes,
      initialisers,
      inputs: feeds.map((dims, index) => ({ name: `x${index}`, elementType: 'float', dims })),
      outputs: outputs.map((output) => ({
        elementType: 'float',
        ...(typeof output === 'string' ? { name: output, dims: [] } : output),
      })),
    },
    metadata: {},
  };
  return writeOnnx(model);
}

/** A node with attributes written plainly. */
export function nodeOf(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: NonNullable<NodeCase['attributes']> = {},
): OnnxNode {
  return {
    name: `${op}-${output}`,
    op,
    domain: '',
    inputs,
    outputs: [output],
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
  };
}

function castNode(from: string, to: string): OnnxNode {
  return nodeOf('Cast', [from], to, { to: 1 });
}

function attributeOf(value: NonNullable<NodeCase['attributes']>[string]): OnnxAttribute {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'number') return { kind: 'int', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  return { kind: 'float', value: (value as { float: number }).float };
}

/** A constant as the writer takes it. */
export function tensorOf(name: string, { kind, dims, values }: Constant): OnnxTensor {
  const array = {
    float: () => Float32Array.from(values),
    int64: () => BigInt64Array.from(values, BigInt),
    int8: () => Int8Array.from(values),
    uint8: () => Uint8Array.from(values),
    bool: () => Uint8Array.from(values),
  }[kind]();
  return { name, elementType: kind, dims, bytes: new Uint8Array(array.buffer) };
}

/** Numbers in [-2, 2) from a linear congruential generator; the same for the same seed. */
export function noise(length: number, seed: number): number[] {
  let state = (seed * 2_654_435_761 + 12_345) % 2 ** 32;
  return Array.from({ length }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return (state / 2 ** 32) * 4 - 2;
  });
}

import { type OnnxGraph, type OnnxModel, type OnnxNode, readOnnx, writeOnnx } from '@retinabench/models';

/** A value inside the network and the node that makes it. */
export interface Layer {
  /** Name of the value. */
  readonly output: string;
  readonly node: string;
  readonly operator: string;
}

/** A network whose inner values are outputs as well. */
export interface ExposedLayers {
  readonly model: Uint8Array;
  /** In the order of execution. */
  readonly layers: readonly Layer[];
}

/** Operators that runtimes fuse into the convolution before them. */
const fusible = new Set(['BatchNormalization', 'Relu', 'LeakyRelu', 'PRelu', 'Clip', 'Sigmoid', 'Elu', 'HardSwish']);

/** Operators whose result is not float. */
const integerResults = new Set(['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero', 'QuantizeLinear']);
const booleanResults = new Set([
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Xor',
  'Not',
  'IsNaN',
  'IsInf',
]);

/**
 * Make every float value of a network an output. Values between a convolution and what runtimes fuse into it stay
 * inside, so that the same fusions happen as in the untouched network.
 *
 * @throws {ModelError} if the bytes are no model.
 */
export function exposeLayers(bytes: Uint8Array, place: string): ExposedLayers {
  const model = readOnnx(bytes, place);
  const { graph } = model;
  const floats = floatValues(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const layers = graph.nodes
    .filter((node) => node.op !== 'Constant' && !isFusedOnward(node, graph, outputs))
    .map((node) => ({ output: node.outputs[0], node: node.name, operator: node.op }))
    .filter(({ output }) => floats.has(output));
  const inner = layers.filter(({ output }) => !outputs.has(output));
  const exposed: OnnxModel = {
    ...model,
    graph: {
      ...graph,
      outputs: [
        ...graph.outputs,
        ...inner.map(({ output }) => ({ name: output, elementType: 'float' as const, dims: [] })),
      ],
    },
  };
  return { model: writeOnnx(exposed), layers };
}

function isFusedOnward(node: OnnxNode, graph: OnnxGraph, outputs: ReadonlySet<string>): boolean {
  if (node.op !== 'Conv' && node.op !== 'BatchNormalization') return false;
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(node.outputs[0]));
  return readers.length === 1 && fusible.has(readers[0].op) && !outputs.has(node.outputs[0]);
}

/** Names of the values with float elements. */
function floatValues(graph: OnnxGraph): Set<string> {
  const floats = new Set(graph.inputs.filter(({ elementType }) => elementType === 'float').map(({ name }) => name));
  for (const { name, elementType } of graph.initialisers) if (elementType === 'float') floats.add(name);
  for (const node of graph.nodes) {
    if (isFloat(node, floats)) for (const output of node.outputs) floats.add(output);
  }
  return floats;
}

function isFloat(node: OnnxNode, floats: ReadonlySet<string>): boolean {
  if (integerResults.has(node.op) || booleanResults.has(node.op)) return false;
  if (node.op === 'Cast') return node.attributes.to?.value === 1;
  if (node.op === 'DequantizeLinear') return true;
  if (node.op === 'Constant' || node.op === 'ConstantOfShape') {
    const value = node.attributes.value;
    if (value?.kind === 'tensor') return value.value.elementType === 'float';
    return node.op === 'ConstantOfShape' || 'value_float' in node.attributes || 'value_floats' in node.attributes;
  }
  const carrier = node.op === 'Where' ? node.inputs[1] : node.inputs[0];
  return floats.has(carrier);
}

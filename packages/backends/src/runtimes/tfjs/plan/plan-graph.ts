import { ModelError } from '@retinabench/core';
import { describeNode, type Graph, type GraphNode, nodeError } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { operatorTable } from '../operators/table.js';
import { type Plan, planReleases } from './plan.js';
import { Planner, type SessionStores } from './planner.js';
import { channelsLastOrder, hostValue, plainOrder, type Value } from './value.js';

/**
 * Plan a network for inputs of the given dimensions.
 *
 * @param inputDims one list per input of the graph.
 * @param known     values that the graph reads beside its inputs and initialisers, by name.
 * @throws {ModelError} naming the node if an operator, an attribute or a shape is not supported.
 * Cost: O(nodes) plus the weights on first use; a few milliseconds for a detector.
 */
export function planGraph(
  graph: Graph,
  inputDims: readonly (readonly number[])[],
  stores: SessionStores,
  known: ReadonlyMap<string, HostTensor> = new Map(),
): Plan {
  const planner = new Planner(graph.opset, graph.initialisers, stores);
  try {
    return planNodes(graph, inputDims, planner, known);
  } catch (error) {
    planner.ownConstants.dispose();
    throw error;
  }
}

function planNodes(
  graph: Graph,
  inputDims: readonly (readonly number[])[],
  planner: Planner,
  known: ReadonlyMap<string, HostTensor>,
): Plan {
  const values = new Map<string, Value>();
  for (const [name, tensor] of [...graph.initialisers, ...known]) values.set(name, hostValue(tensor));
  const inputs = graph.inputs.map(({ name, elementType }, index) => {
    const dims = inputDims[index];
    const slot = planner.newSlot(dims);
    const order = inputOrder(graph, dims);
    const type = elementType.startsWith('float') ? 'float' : elementType === 'bool' ? 'bool' : 'int';
    values.set(name, { dims, order, type, source: { kind: 'slot', slot } });
    return { slot, order };
  });
  for (const node of graph.nodes) {
    planner.enter(node);
    planNode(graph, node, planner, values);
  }
  const outputs = graph.outputs.map((name) => {
    const value = values.get(name);
    if (!value) throw new ModelError(`${graph.place}: no node makes the output "${name}"; the file is damaged`);
    return { name, value: planner.plain(value) };
  });
  const kept = new Set(outputs.flatMap(({ value }) => (value.source.kind === 'slot' ? [value.source.slot] : [])));
  const { releases, peakBytes } = planReleases(
    planner.steps,
    inputs.map(({ slot }) => slot),
    kept,
    planner.slotBytes,
  );
  return {
    steps: planner.steps,
    releases,
    inputs,
    outputs,
    constants: planner.ownConstants,
    layoutChanges: planner.layoutChanges,
    peakBytes,
  };
}

/** How an input is stored from the start: an image of a convolutional network with its channels last. */
function inputOrder({ nodes }: Graph, dims: readonly number[]): readonly number[] {
  const isImage = dims.length === 4 && dims[1] <= 4 && nodes.some(({ operator }) => operator === 'Conv');
  return isImage ? channelsLastOrder(4) : plainOrder(dims.length);
}

function planNode(graph: Graph, node: GraphNode, planner: Planner, values: Map<string, Value>): void {
  const operator = operatorTable.get(node.operator);
  if (!operator) throw unsupportedOperator(graph, node);
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined;
    const value = values.get(name);
    if (!value)
      throw new ModelError(`${graph.place}: ${describeNode(node)} reads "${name}", which nothing before it makes`);
    return value;
  });
  const outputs = placeErrors(graph, node, () => operator(planner, node, inputs));
  outputs.forEach((value, index) => {
    const size = value.dims.reduce((product, dim) => product * dim, 1);
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ModelError(
        `${graph.place}: ${describeNode(node)}: output of dimensions [${value.dims}] at this input size`,
      );
    }
    if (node.outputs[index]) values.set(node.outputs[index], value);
  });
  for (const name of node.outputs.slice(outputs.length)) {
    if (name) throw new ModelError(`${graph.place}: ${nodeError(node, `output "${name}" is not supported`).message}`);
  }
}

/** Errors of operators, TensorFlow.js's own included, with the place. */
function placeErrors<T>(graph: Graph, node: GraphNode, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const message = (cause as Error).message;
    const placed = cause instanceof ModelError ? message : `${describeNode(node)}: ${message}`;
    throw new ModelError(`${graph.place}: ${placed}`, { cause });
  }
}

/** The error for an operator that is not in the table. */
export function unsupportedOperator(graph: Graph, node: GraphNode): ModelError {
  return new ModelError(
    `${graph.place}: ${describeNode(node)}: the TensorFlow.js backends and litert-wasm do not support the operator ${node.operator}; ` +
      'docs/backends.md lists those that they do; use ort-node or ort-wasm for this model',
  );
}

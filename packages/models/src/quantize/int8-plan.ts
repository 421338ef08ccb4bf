import type { OnnxGraph, OnnxModel, OnnxNode } from '../onnx/model.js';

/** Operators that run on 8-bit values when their inputs and outputs are 8-bit. */
const eightBit = new Set(['Conv', 'Relu', 'LeakyRelu', 'Clip', 'Add', 'Concat', 'Resize', 'MaxPool']);

/** Activations that a runtime runs inside the convolution before them, so that nothing is rounded between the two. */
const fusedActivations = new Set(['Relu', 'Clip']);

/** What an 8-bit copy of a model rounds. */
export interface Int8Plan {
  /** Nodes that run on 8-bit values. */
  readonly nodes: ReadonlySet<OnnxNode>;
  /** Values that are rounded to 8 bits, in the order in which they are made; the first is the input. */
  readonly values: readonly string[];
}

/**
 * Decide which nodes of a model run on 8-bit values: all that can, but the last convolutions, whose outputs are the
 * network's answer and stay in full precision.
 *
 * Cost: O(nodes).
 */
export function planInt8({ graph }: OnnxModel): Int8Plan {
  const consumers = consumersOf(graph);
  const whole = wholeNumbers(graph);
  const beforeConv = valuesBeforeConv(graph);
  const nodes = new Set(
    graph.nodes.filter(
      ({ op, outputs }) => eightBit.has(op) && outputs.every((name) => !whole.has(name) && beforeConv.has(name)),
    ),
  );
  const values: string[] = [];
  const needed = (name: string): boolean =>
    (consumers.get(name) ?? []).some((node) => node.op === 'Conv' || nodes.has(node));
  for (const { name } of graph.inputs) if (needed(name)) values.push(name);
  for (const node of nodes) {
    const [output] = node.outputs as [string];
    const next = consumers.get(output) ?? [];
    const fused = node.op === 'Conv' && next.length === 1 && fusedActivations.has(next[0]?.op ?? '');
    if (!fused) values.push(output);
  }
  return { nodes, values };
}

/** Values that hold sizes and places, not activations: int64 constants, shapes, and what is computed of them alone. */
function wholeNumbers(graph: OnnxGraph): ReadonlySet<string> {
  const whole = new Set(
    graph.initialisers.filter(({ elementType }) => elementType === 'int64').map(({ name }) => name),
  );
  for (const { op, inputs, outputs } of graph.nodes) {
    if (op === 'Shape' || inputs.every((name) => whole.has(name))) for (const name of outputs) whole.add(name);
  }
  return whole;
}

function consumersOf(graph: OnnxGraph): Map<string, OnnxNode[]> {
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    for (const name of node.inputs) {
      const list = consumers.get(name);
      if (list === undefined) consumers.set(name, [node]);
      else list.push(node);
    }
  }
  return consumers;
}

/**
 * Values that reach a convolution through operators that run on 8-bit values alone. Nodes are in topological order, so
 * from the last to the first every consumer is decided before what it reads: one pass, however deep the network and
 * however often a value is read.
 */
function valuesBeforeConv(graph: OnnxGraph): ReadonlySet<string> {
  const before = new Set<string>();
  for (const { op, inputs, outputs } of [...graph.nodes].reverse()) {
    if (op !== 'Conv' && !(eightBit.has(op) && outputs.some((name) => before.has(name)))) continue;
    for (const name of inputs) before.add(name);
  }
  return before;
}

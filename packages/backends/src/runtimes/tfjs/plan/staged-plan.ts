import type { Graph, GraphNode } from '../graph/graph.js';
import type { HostTensor } from '../graph/host-tensor.js';
import { contentDependenceOf } from './content-dependence.js';
import type { Plan } from './plan.js';
import { planGraph } from './plan-graph.js';
import type { SessionStores } from './planner.js';
import { knownTensor } from './value.js';

/**
 * A network in two stages: what can be planned for an input size, and what depends on the content of the input (the rows
 * that NonMaxSuppression leaves), which is planned anew in each run, when all that it reads is known.
 */
export interface StagedPlan {
  readonly head: Plan;
  /** Absent where nothing depends on the content. Its inputs are outputs of the head. */
  readonly tail?: Graph;
}

/**
 * Plan a network for inputs of the given dimensions.
 *
 * @throws {ModelError} as planGraph, but for nodes that depend on the content: those and all that reads them are the tail.
 * Cost: planGraph's, once more for each node that starts the tail.
 */
export function planStages(graph: Graph, inputDims: readonly (readonly number[])[], stores: SessionStores): StagedPlan {
  const starts = new Set<GraphNode>();
  for (;;) {
    const { head, tail } = splitGraph(graph, starts);
    try {
      return { head: planGraph(head, inputDims, stores), ...(starts.size > 0 ? { tail } : {}) };
    } catch (error) {
      const node = contentDependenceOf(error)?.node;
      if (node === undefined || starts.has(node)) throw error;
      starts.add(node);
    }
  }
}

/**
 * Carry out the tail.
 *
 * @param known what the head made, by name.
 * @returns the outputs of the network that the tail makes.
 * @throws {ModelError} naming the node that cannot be carried out.
 */
export function runTail(
  tail: Graph,
  known: ReadonlyMap<string, HostTensor>,
  stores: SessionStores,
): ReadonlyMap<string, HostTensor> {
  const plan = planGraph(tail, [], stores, known);
  plan.constants.dispose();
  return new Map(plan.outputs.map(({ name, value }) => [name, knownTensor(value) as HostTensor]));
}

function splitGraph(graph: Graph, starts: ReadonlySet<GraphNode>): { head: Graph; tail: Graph } {
  const late = new Set<string>();
  const head: GraphNode[] = [];
  const tail: GraphNode[] = [];
  for (const node of graph.nodes) {
    const isLate = starts.has(node) || node.inputs.some((name) => late.has(name));
    (isLate ? tail : head).push(node);
    if (isLate) for (const name of node.outputs) late.add(name);
  }
  const made = new Set([...graph.inputs.map(({ name }) => name), ...head.flatMap(({ outputs }) => outputs)]);
  const read = tail.flatMap(({ inputs }) => inputs).filter((name) => name !== '' && made.has(name));
  const early = graph.outputs.filter((name) => !late.has(name));
  return {
    head: { ...graph, nodes: head, outputs: [...new Set([...early, ...read])] },
    tail: { ...graph, inputs: [], nodes: tail, outputs: graph.outputs.filter((name) => late.has(name)) },
  };
}

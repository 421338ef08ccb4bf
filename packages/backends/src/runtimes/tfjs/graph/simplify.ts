import { ModelError } from '@retinabench/core';
import { constantTensor } from '../operators/shape.js';
import { foldBatchNormalisation } from './fold-batch-normalisation.js';
import { fuseActivations } from './fuse-activations.js';
import type { Graph, GraphNode } from './graph.js';
import type { HostTensor } from './host-tensor.js';

/**
 * Rewrite a graph so that fewer kernels run: constants become initialisers, nodes that pass their input on disappear,
 * batch normalisation goes into the weights before it, and activations into the convolution before them.
 * Names of the graph's outputs are kept. The result computes the same up to float32 rounding.
 *
 * @throws {ModelError} naming the node if an attribute has another type than its operator's.
 */
export function simplify(graph: Graph): Graph {
  try {
    return fuseActivations(foldBatchNormalisation(removeUnused(removeIdentities(constantsAsInitialisers(graph)))));
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    throw new ModelError(`${graph.place}: ${cause.message}`, { cause });
  }
}

function constantsAsInitialisers(graph: Graph): Graph {
  const initialisers = new Map<string, HostTensor>(graph.initialisers);
  const nodes = graph.nodes.filter((node) => {
    if (node.operator !== 'Constant') return true;
    initialisers.set(node.outputs[0], constantTensor(node));
    return false;
  });
  return { ...graph, nodes, initialisers };
}

/** Identity, and Dropout at inference, renamed away unless they make an output of the graph. */
function removeIdentities(graph: Graph): Graph {
  const renamed = new Map<string, string>();
  const outputs = new Set(graph.outputs);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => renamed.get(name) ?? name);
    const [output, ...more] = node.outputs;
    const passes = node.operator === 'Identity' || node.operator === 'Dropout';
    if (passes && !outputs.has(output) && more.every((name) => name === '' || !outputs.has(name))) {
      renamed.set(output, inputs[0]);
    } else {
      nodes.push({ ...node, inputs });
    }
  }
  return { ...graph, nodes };
}

/** Drop nodes whose outputs nothing reads. */
function removeUnused(graph: Graph): Graph {
  const used = new Set(graph.outputs);
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => used.has(name))) continue;
    for (const name of node.inputs) used.add(name);
    kept.push({ ...node, outputs: node.outputs.map((name) => (used.has(name) ? name : '')) });
  }
  return { ...graph, nodes: kept.reverse() };
}

import { Consumers } from './consumers.js';
import { type FusedActivation, type Graph, type GraphNode, numberAttribute } from './graph.js';

/** Let a convolution apply the activation that alone follows it, where TensorFlow.js's fused kernels know it. */
export function fuseActivations(graph: Graph): Graph {
  const consumers = new Consumers(graph);
  const absorbed = new Set<GraphNode>();
  const nodes = graph.nodes.map((node) => {
    if (node.operator !== 'Conv') return node;
    const next = consumers.only(node.outputs[0]);
    const activation = next && fusible(next, node, graph);
    if (!next || !activation) return node;
    absorbed.add(next);
    return { ...node, outputs: [next.outputs[0]], activation };
  });
  return { ...graph, nodes: nodes.filter((node) => !absorbed.has(node)) };
}

function fusible(node: GraphNode, before: GraphNode, graph: Graph): FusedActivation | undefined {
  switch (node.operator) {
    case 'Relu':
      return { kind: 'relu' };
    case 'Sigmoid':
      return { kind: 'sigmoid' };
    case 'LeakyRelu':
      return { kind: 'leakyrelu', alpha: numberAttribute(node, 'alpha', 0.01) };
    case 'Clip':
      return isRelu6(node, graph) ? { kind: 'relu6' } : undefined;
    case 'PRelu':
      return hasChannelSlopes(node, before, graph) ? { kind: 'prelu', slope: node.inputs[1] } : undefined;
    default:
      return undefined;
  }
}

function isRelu6(node: GraphNode, graph: Graph): boolean {
  const bound = (index: number, name: string): number | undefined => {
    const input = node.inputs[index];
    return input ? graph.initialisers.get(input)?.data[0] : numberAttribute(node, name, Number.NaN);
  };
  return bound(1, 'min') === 0 && bound(2, 'max') === 6;
}

/** One slope per channel of an image: [C, 1, 1] or [1, C, 1, 1]. */
function hasChannelSlopes(node: GraphNode, before: GraphNode, graph: Graph): boolean {
  const slope = graph.initialisers.get(node.inputs[1]);
  const weight = graph.initialisers.get(before.inputs[1]);
  const channels = weight?.dims.length === 4 ? weight.dims[0] : undefined;
  if (!slope || channels === undefined || node.inputs[0] !== before.outputs[0]) return false;
  return slope.data.length === channels && slope.dims.length >= 3 && slope.dims[slope.dims.length - 3] === channels;
}

import { affineOfStatistics } from '../operators/normalisation.js';
import { Consumers } from './consumers.js';
import { type Graph, type GraphNode, numberAttribute } from './graph.js';
import type { HostTensor } from './host-tensor.js';

/**
 * Put batch normalisation into the weights and bias of the convolution before it: with factor f and offset o per output
 * channel, f (w * x + b) + o = (f w) * x + (f b + o). Sums are made in float64 and rounded once.
 */
export function foldBatchNormalisation(graph: Graph): Graph {
  const consumers = new Consumers(graph);
  const initialisers = new Map<string, HostTensor>(graph.initialisers);
  const absorbed = new Map<GraphNode, GraphNode>();
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    if (absorbed.has(node)) continue;
    const next = node.operator === 'Conv' ? consumers.only(node.outputs[0]) : undefined;
    const folded =
      next?.operator === 'BatchNormalization' && next.inputs[0] === node.outputs[0] && fold(node, next, initialisers);
    if (next && folded) absorbed.set(next, node);
    nodes.push(folded || node);
  }
  return { ...graph, nodes: nodes.filter((node) => !absorbed.has(node)), initialisers };
}

/** The convolution with both; undefined if any constant is computed. */
function fold(node: GraphNode, norm: GraphNode, initialisers: Map<string, HostTensor>): GraphNode | undefined {
  const weight = initialisers.get(node.inputs[1]);
  const bias = node.inputs[2] ? initialisers.get(node.inputs[2]) : undefined;
  const statistics = norm.inputs.slice(1, 5).map((name) => initialisers.get(name));
  if (!weight || (node.inputs[2] && !bias) || statistics.some((tensor) => !tensor) || statistics.length !== 4)
    return undefined;
  const channels = weight.dims[0];
  if (statistics.some((tensor) => tensor?.data.length !== channels)) return undefined;
  const [factor, offset] = affineOfStatistics(statistics as HostTensor[], numberAttribute(norm, 'epsilon', 1e-5));
  const perChannel = weight.data.length / channels;
  const data = Float32Array.from(weight.data, (value, i) => value * factor.data[Math.floor(i / perChannel)]);
  const shift = Float32Array.from(
    offset.data,
    (value, channel) => value + (bias?.data[channel] ?? 0) * factor.data[channel],
  );
  const [weightName, biasName] = [`${norm.outputs[0]}:weight`, `${norm.outputs[0]}:bias`];
  initialisers.set(weightName, { ...weight, data });
  initialisers.set(biasName, { type: 'float', dims: [channels], data: shift });
  return { ...node, inputs: [node.inputs[0], weightName, biasName], outputs: [norm.outputs[0]] };
}

import { type OnnxModel, readOnnx, writeOnnx } from '@retinabench/models';

/** A node as ONNX Runtime's log names it. */
export interface PlacedNode {
  readonly operator: string;
  readonly name: string;
}

/** Where ONNX Runtime put the nodes of a network. */
export interface Placement {
  readonly onDevice: number;
  readonly onCpu: readonly PlacedNode[];
}

/** The processor, among execution providers. */
const cpuProvider = 'CPUExecutionProvider';

/** Steps that move data between devices are no part of the network. */
const copies = /^Memcpy(To|From)Host$/;

/**
 * Read where the nodes of a network were put from what ONNX Runtime says at level 0 while it loads one: a line for each provider
 * with the number of its nodes, and, where there are several, a line for each node.
 *
 * @returns undefined if it does not say so.
 */
export function readPlacementLog(lines: readonly string[]): Placement | undefined {
  let onDevice = 0;
  const onCpu: PlacedNode[] = [];
  let provider: string | undefined;
  for (const line of lines) {
    const said = /\bVerifyEachNodeIsAssignedToAnEp\]\s+(.*)$/.exec(line)?.[1] ?? '';
    const heading = /^(?:All nodes|Node\(s\)) placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(said);
    if (heading !== null) {
      provider = heading[1];
      if (provider !== cpuProvider) onDevice += Number(heading[2]);
      else if (said.startsWith('All')) onCpu.push({ operator: 'every node', name: '' });
      continue;
    }
    const node = /^(\w+) \((.*)\)$/.exec(said);
    if (node === null || provider !== cpuProvider || copies.test(node[1])) continue;
    onCpu.push({ operator: node[1], name: node[2] });
  }
  return provider === undefined ? undefined : { onDevice, onCpu };
}

/** A network whose nodes can be told apart in a log. */
export interface NamedNetwork {
  readonly bytes: Uint8Array;
  /** Names of the nodes that compute on shapes alone, whatever the image holds: they belong on the processor. */
  readonly onShapes: ReadonlySet<string>;
}

/**
 * Give every node of a network a name, and find those that compute on shapes.
 *
 * @param place the file's name, for messages.
 * @throws {ModelError} if it is no model.
 */
export function nameNodes(model: Uint8Array, place: string): NamedNetwork {
  const read: OnnxModel = readOnnx(model, place);
  const { graph } = read;
  // Node by node in the order of execution: from the dimensions of values, and from constants, follow only shapes.
  const known = new Set(graph.initialisers.map(({ name }) => name));
  const onShapes = new Set<string>();
  const nodes = graph.nodes.map((node, at) => {
    const name = `${at}:${node.name || node.op}`;
    const inputs = node.inputs.filter((input) => input !== '');
    if (node.op === 'Shape' || node.op === 'Size' || inputs.every((input) => known.has(input))) {
      onShapes.add(name);
      for (const output of node.outputs) known.add(output);
    }
    return { ...node, name };
  });
  return { bytes: writeOnnx({ ...read, graph: { ...graph, nodes } }), onShapes };
}

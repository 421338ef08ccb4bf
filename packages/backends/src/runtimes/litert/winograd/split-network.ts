import type { TfliteModel } from '@retinabench/models';
import type { WinogradNode } from './find-convolutions.js';

/** A part of a network that the runtime computes as one. */
export interface NetworkPart {
  readonly model: TfliteModel;
  /** Indices of the whole network's tensors, in the order of the part's inputs and outputs. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** What is done in one round: first the part, if there is one, then the convolutions, in their order. */
export interface NetworkStage {
  readonly part?: NetworkPart;
  readonly convolutions: readonly WinogradNode[];
}

/**
 * Take convolutions out of a network: what they need is computed before, all else as late as possible, so that there are as few
 * parts as the order allows.
 *
 * @param convolutions of `model`, in the order of its nodes.
 * @returns stages that give the same outputs, one after the other.
 * Cost: O(nodes times stages).
 */
export function splitNetwork(model: TfliteModel, convolutions: readonly WinogradNode[]): NetworkStage[] {
  const owners = new Map(convolutions.flatMap((one) => one.nodes.map((node) => [node, one] as const)));
  const earliest = new Array<number>(model.tensors.length).fill(0);
  const convolutionStage = new Map<WinogradNode, number>();
  model.nodes.forEach((node, at) => {
    const owner = owners.get(at);
    const stage = Math.max(0, ...node.inputs.filter((input) => input >= 0).map((input) => earliest[input]));
    if (owner !== undefined) {
      if (owner.nodes[0] === at) convolutionStage.set(owner, stage);
      for (const output of node.outputs) earliest[output] = (convolutionStage.get(owner) as number) + 1;
    } else for (const output of node.outputs) earliest[output] = stage;
  });
  const last = Math.max(0, ...earliest);
  const latest = new Array<number>(model.tensors.length).fill(last);
  const nodeStage = new Map<number, number>();
  for (let at = model.nodes.length - 1; at >= 0; at--) {
    const owner = owners.get(at);
    const { inputs, outputs } = model.nodes[at];
    const stage =
      owner === undefined
        ? Math.min(...outputs.map((output) => latest[output]))
        : (convolutionStage.get(owner) as number);
    if (owner === undefined) nodeStage.set(at, stage);
    for (const input of inputs) if (input >= 0) latest[input] = Math.min(latest[input], stage);
  }
  return Array.from({ length: last + 1 }, (_, stage) => {
    const nodes = [...nodeStage].filter(([, at]) => at === stage).map(([at]) => at);
    const chosen = convolutions.filter((one) => convolutionStage.get(one) === stage);
    if (nodes.length === 0) return { convolutions: chosen };
    return { part: partOf(model, new Set(nodes)), convolutions: chosen };
  });
}

/** The nodes at the given places as a network; its inputs are what others make, its outputs what others read. */
function partOf(model: TfliteModel, places: ReadonlySet<number>): NetworkPart {
  const inside = model.nodes.filter((_, at) => places.has(at));
  const outside = model.nodes.filter((_, at) => !places.has(at));
  const made = new Set(inside.flatMap(({ outputs }) => outputs));
  const readInside = new Set(inside.flatMap(({ inputs }) => inputs).filter((input) => input >= 0));
  const readOutside = new Set([...outside.flatMap(({ inputs }) => inputs), ...model.outputs]);
  const inputs = [...readInside].filter((input) => !made.has(input) && model.tensors[input].data === undefined);
  const outputs = [...made].filter((output) => readOutside.has(output));
  const used = [...new Set([...readInside, ...made])].sort((a, b) => a - b);
  const place = new Map(used.map((index, at) => [index, at]));
  const moved = (list: readonly number[]): number[] => list.map((index) => place.get(index) ?? -1);
  return {
    inputs,
    outputs,
    model: {
      description: model.description,
      // Names are unique, so that the runtime's order of inputs and outputs does not matter.
      tensors: used.map((index) => ({ ...model.tensors[index], name: partTensorName(index) })),
      nodes: inside.map((node) => ({ ...node, inputs: moved(node.inputs), outputs: moved(node.outputs) })),
      inputs: moved(inputs),
      outputs: moved(outputs),
    },
  };
}

/** How a part calls a tensor of the whole network. */
export function partTensorName(index: number): string {
  return `t${index}`;
}

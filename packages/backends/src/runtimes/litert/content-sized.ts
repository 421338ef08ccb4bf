import type { TfliteModel, TfliteNode } from '@retinabench/models';

/** Inputs of an operator whose values decide how large its outputs are. */
const sizingInputs: Readonly<Record<string, readonly number[]>> = {
  BATCH_TO_SPACE_ND: [1, 2],
  BROADCAST_TO: [1],
  EXPAND_DIMS: [1],
  FILL: [0],
  MIRROR_PAD: [1],
  NON_MAX_SUPPRESSION_V4: [2],
  NON_MAX_SUPPRESSION_V5: [2],
  ONE_HOT: [1],
  PAD: [1],
  PADV2: [1],
  RANGE: [0, 1, 2],
  RESHAPE: [1],
  RESIZE_BILINEAR: [1],
  RESIZE_NEAREST_NEIGHBOR: [1],
  SLICE: [1, 2],
  SPACE_TO_BATCH_ND: [1, 2],
  SPARSE_TO_DENSE: [1],
  STRIDED_SLICE: [1, 2, 3],
  TILE: [1],
  TOPK_V2: [1],
  TRANSPOSE_CONV: [0],
};

/** Operators whose outputs are as large as the values of all that they read make them. */
const countingOperators = new Set(['WHERE', 'UNIQUE']);

/** An output, and the node that first sizes what it is made of by the content of the input. */
export interface ContentSized {
  readonly output: string;
  readonly operator: string;
}

/**
 * The first output whose size depends on the content of the input. LiteRT.js makes room for an output from the dimensions in the
 * file before it runs and never learns others: such an output would hold what its memory held before.
 *
 * A size that follows from constants and from the dimensions of other tensors is settled while the network is loaded.
 *
 * @returns undefined if all sizes are settled.
 * Cost: O(nodes).
 */
export function contentSizedOutput({ tensors, nodes, outputs }: TfliteModel): ContentSized | undefined {
  /** Tensors whose values are known while the network is loaded. */
  const settled = new Set(tensors.flatMap(({ data }, index) => (data === undefined ? [] : [index])));
  const sizedBy = new Map<number, string>();
  for (const node of nodes) {
    const read = node.inputs.filter((input) => input >= 0);
    const origin = read.flatMap((input) => sizedBy.get(input) ?? []).at(0);
    const by = origin ?? (isSizedByContent(node, settled) ? node.operator : undefined);
    const isSettled = ['SHAPE', 'RANK'].includes(node.operator) || read.every((input) => settled.has(input));
    for (const output of node.outputs) {
      if (by !== undefined) sizedBy.set(output, by);
      else if (isSettled) settled.add(output);
    }
  }
  const found = outputs.find((output) => sizedBy.has(output));
  return found === undefined ? undefined : { output: tensors[found].name, operator: sizedBy.get(found) as string };
}

function isSizedByContent({ operator, inputs }: TfliteNode, settled: ReadonlySet<number>): boolean {
  const sizing = countingOperators.has(operator) ? inputs : (sizingInputs[operator] ?? []).map((at) => inputs[at]);
  return sizing.some((input) => input !== undefined && input >= 0 && !settled.has(input));
}

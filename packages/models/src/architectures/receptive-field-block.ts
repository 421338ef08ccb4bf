import type { Activation, GraphBuilder } from '../graph/builder.js';
import { takeConvNorm } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';

const relu: Activation = { kind: 'relu' };
const none: Activation = { kind: 'none' };

/** One convolution of a branch; the kernel is 3 x 3 unless the branch begins with it (1 x 1). */
interface BranchStep {
  readonly outputs: number;
  readonly kernel: 1 | 3;
  readonly dilation: number;
  readonly activation: Activation;
}

/**
 * A receptive field block: three branches whose last convolutions are dilated by 2, 3 and 5, fused by a 1 x 1
 * convolution and added, at full weight, to a 1 x 1 shortcut. The map keeps its size.
 *
 * @param channels in and out; a branch is an eighth of it wide, then a quarter.
 * Source: arXiv:1711.07767, section 3.2, in the form of the public "1 MB" detector (its tensor names).
 */
export function receptiveFieldBlock(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  channels: number,
): string {
  const conv = (part: string, from: string, inputs: number, step: BranchStep): string => {
    const { outputs, kernel, dilation, activation } = step;
    const weights = takeConvNorm(source, `${part}.conv`, `${part}.bn`, [outputs, inputs, kernel, kernel]);
    return graph.conv(`${part}.conv`, from, weights, { pad: kernel === 1 ? 0 : dilation, dilation }, activation);
  };
  const narrow = channels / 8;
  const wide = channels / 4;
  const enter: BranchStep = { outputs: narrow, kernel: 1, dilation: 1, activation: none };
  const widen = (outputs: number): BranchStep => ({ outputs, kernel: 3, dilation: 1, activation: relu });
  const reach = (dilation: number): BranchStep => ({ outputs: wide, kernel: 3, dilation, activation: none });
  const branches = [
    [enter, widen(wide), reach(2)],
    [enter, widen(wide), reach(3)],
    [enter, widen((narrow / 2) * 3), widen(wide), reach(5)],
  ].map((steps, branch) => {
    let at = input;
    let inputs = channels;
    for (const [index, step] of steps.entries()) {
      at = conv(`${name}.branch${branch}.${index}`, at, inputs, step);
      inputs = step.outputs;
    }
    return at;
  });
  const fuse: BranchStep = { outputs: channels, kernel: 1, dilation: 1, activation: none };
  const fused = conv(`${name}.ConvLinear`, graph.concat(`${name}.branches`, branches, 1), 3 * wide, fuse);
  const shortcut = conv(`${name}.shortcut`, input, channels, fuse);
  return graph.activate(graph.add(`${name}.sum`, fused, shortcut), relu);
}

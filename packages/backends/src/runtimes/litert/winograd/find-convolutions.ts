import { type TfliteModel, type TfliteNode, tfliteActivation, tflitePadding } from '@retinabench/models';

/** A convolution of a network that is computed by Winograd's algorithm. */
export interface WinogradNode {
  /** Indices of tensors of the network. */
  readonly input: number;
  readonly weights: number;
  readonly bias: number;
  /** After the activation. */
  readonly output: number;
  /** Of the activation below 0: 1 is none, 0 is ReLU. */
  readonly slope: number;
  /** Places of the nodes that it stands for: the convolution, and the activation behind it where there is one. */
  readonly nodes: readonly number[];
}

/** Multiply-adds below which passing the image on costs more than the algorithm saves. */
const leastWork = 2 ** 20;

/**
 * The convolutions that Winograd's F(4 x 4, 3 x 3) may compute: 3 x 3 cells, stride 1, a border of one cell, constant weights,
 * and channels in fours and eights.
 */
export function findConvolutions(model: TfliteModel): WinogradNode[] {
  const readers = countReaders(model);
  return model.nodes.flatMap((node, at) => {
    if (!isEligible(model, node)) return [];
    const [input, weights, bias] = node.inputs;
    const [output] = node.outputs;
    const found = { input, weights, bias, output, slope: 1, nodes: [at] };
    if (node.options?.activation === tfliteActivation.relu) return [{ ...found, slope: 0 }];
    const next = model.nodes.findIndex(({ inputs }) => inputs.includes(output));
    const alpha = next < 0 ? undefined : model.nodes[next].options?.alpha;
    const follows = next >= 0 && model.nodes[next].operator === 'LEAKY_RELU' && readers[output] === 1;
    if (!follows || alpha === undefined || !(alpha >= 0 && alpha <= 1)) return [found];
    return [{ ...found, output: model.nodes[next].outputs[0], slope: alpha, nodes: [at, next] }];
  });
}

function isEligible({ tensors }: TfliteModel, { operator, inputs, outputs, options = {} }: TfliteNode): boolean {
  if (operator !== 'CONV_2D') return false;
  const [image, weights, bias] = inputs.map((index) => tensors[index]);
  const [outChannels, height, width, channels] = weights.dims;
  const [batch, outHeight, outWidth] = tensors[outputs[0]].dims;
  const { padding, strideWidth, strideHeight, dilationWidth = 1, dilationHeight = 1, activation = 0 } = options;
  return (
    weights.data !== undefined &&
    bias?.data !== undefined &&
    image.dims[0] === 1 &&
    batch === 1 &&
    height === 3 &&
    width === 3 &&
    padding === tflitePadding.same &&
    [strideWidth, strideHeight, dilationWidth, dilationHeight].every((step) => step === 1) &&
    (activation === tfliteActivation.none || activation === tfliteActivation.relu) &&
    channels % 4 === 0 &&
    outChannels % 8 === 0 &&
    outHeight * outWidth * channels * outChannels * 9 >= leastWork
  );
}

/** How often each tensor is read; an output of the network is read once more. */
function countReaders({ tensors, nodes, outputs }: TfliteModel): number[] {
  const counts = new Array<number>(tensors.length).fill(0);
  for (const { inputs } of nodes) for (const input of inputs) if (input >= 0) counts[input]++;
  for (const output of outputs) counts[output]++;
  return counts;
}

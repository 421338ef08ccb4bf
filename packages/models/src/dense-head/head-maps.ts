import { ModelError } from '@retinabench/core';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.js';
import { tensorValues } from '../onnx/tensor-values.js';
import type { HeadMap } from './dense-head.js';

/**
 * The feature maps that a RetinaFace graph's heads stand on: for each level, what the last convolution before the class
 * scores takes. Read off the graph, so that it holds for every network whose heads are a convolution, a transposition
 * to [N, H, W, C] and a reshape to [N, anchors, values] each, joined by a concatenation.
 *
 * @param scores name of the class scores' output.
 * @param place  the model's id, for messages.
 * @throws {ModelError} if the graph does not look like that.
 */
export function headMaps(model: OnnxModel, scores: string, place: string): HeadMap[] {
  return scoreHeads(model, scores, place).map(({ map, channels, anchorsPerCell }) => ({
    map,
    channels,
    anchorsPerCell,
  }));
}

/**
 * The weights of the convolutions that give the class scores, one array a level.
 *
 * @throws {ModelError} as headMaps.
 */
export function scoreWeights(model: OnnxModel, scores: string, place: string): Float32Array[] {
  return scoreHeads(model, scores, place).map(({ weight }) => Float32Array.from(tensorValues(weight)));
}

function scoreHeads(model: OnnxModel, scores: string, place: string): (HeadMap & { readonly weight: OnnxTensor })[] {
  const { nodes, initialisers } = model.graph;
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const constants = new Map(initialisers.map((tensor) => [tensor.name, tensor]));
  const fail = (found: string): never => {
    throw new ModelError(
      `${place}: expected heads of convolution, transposition, reshape and concatenation before ${scores}, got ${found}; a dense head cannot be added to this graph`,
    );
  };
  const back = (value: string, ops: readonly string[]): OnnxNode => {
    const node = makers.get(value);
    return node && ops.includes(node.op) ? node : fail(`${node?.op ?? 'no node'} where ${ops.join(' or ')} should be`);
  };
  let joined = back(scores, ['Concat', 'Split', 'Softmax', 'Reshape']);
  while (joined.op === 'Split' || joined.op === 'Softmax')
    joined = back(joined.inputs[0], ['Concat', 'Split', 'Reshape']);
  const pieces = joined.op === 'Concat' ? joined.inputs : [joined.outputs[0]];
  return pieces.map((piece) => {
    const reshape = back(piece, ['Reshape']);
    const dims = constants.get(reshape.inputs[1]) ?? fail('a reshape whose dimensions are computed');
    const convolution = back(back(reshape.inputs[0], ['Transpose']).inputs[0], ['Conv']);
    const weight = constants.get(convolution.inputs[1]) ?? fail('a convolution whose weights are computed');
    const group = convolution.attributes.group;
    const groups = group?.kind === 'int' ? group.value : 1;
    const valuesPerAnchor = tensorValues(dims).at(-1) ?? 0;
    const anchorsPerCell = weight.dims[0] / valuesPerAnchor;
    if (!Number.isInteger(anchorsPerCell) || anchorsPerCell < 1)
      fail(`${weight.dims[0]} channels for ${valuesPerAnchor} values`);
    return { map: convolution.inputs[0], channels: weight.dims[1] * groups, anchorsPerCell, weight };
  });
}

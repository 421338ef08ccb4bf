import { type Activation, GraphBuilder } from '../graph/builder.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { convNorm } from './blocks.js';
import { pointwiseHeads } from './heads.js';
import { contextModule, type FeatureMap, featurePyramid } from './pyramid.js';
import { resnet, resnetStages } from './resnet.js';

const relu: Activation = { kind: 'relu' };
const channels = 256;

/**
 * RetinaFace on ResNet-50 as the public PyTorch port has it: strides 8, 16 and 32, two anchors per cell, heads of their
 * own on each level.
 *
 * Source: layer sizes and tensor names of the public PyTorch port.
 */
export function retinafaceResnet50(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const input = graph.input('input', ['batch', 3, 'height', 'width']);
  const maps = resnet(graph, source, input, resnetStages[50]);
  const pyramid = featurePyramid(graph, source, maps.slice(1), channels, relu);
  pointwiseHeads(graph, source, withContext(graph, source, pyramid), channels, { anchorsPerCell: 2, shared: false });
  return graph.build();
}

/**
 * RetinaFace on ResNet-152 as the paper has it: levels P2 to P6, P6 from C5 by a 3 x 3 convolution of stride 2, a context
 * module on each level, heads shared by all levels, three anchors per cell (102,300 anchors at 640 x 640).
 *
 * The paper's lateral connections and context modules use deformable convolutions; these are plain 3 x 3 ones, since no
 * backend here but ONNX Runtime could run the others. The mesh branch is left out, as in the paper's own timings.
 *
 * Source: arXiv:1905.00641, sections 3.3 and 4.2, table 2. Trained weights are not public.
 */
export function retinafaceResnet152(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const input = graph.input('input', ['batch', 3, 'height', 'width']);
  const maps = resnet(graph, source, input, resnetStages[152]);
  const pyramid = featurePyramid(graph, source, maps, channels, relu);
  const { value, channels: inputs } = maps.at(-1) as FeatureMap;
  pyramid.push(
    convNorm(graph, source, 'fpn.output5', value, { inputs, outputs: channels, kernel: 3, stride: 2 }, relu),
  );
  pointwiseHeads(graph, source, withContext(graph, source, pyramid), channels, { anchorsPerCell: 3, shared: true });
  return graph.build();
}

function withContext(graph: GraphBuilder, source: WeightSource, pyramid: readonly string[]): string[] {
  return pyramid.map((map, level) => contextModule(graph, source, `ssh${level + 1}`, map, channels, relu));
}

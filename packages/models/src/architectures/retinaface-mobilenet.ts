import { type Activation, GraphBuilder } from '../graph/builder.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { pointwiseHeads } from './heads.js';
import { mobilenetQuarter } from './mobilenet-quarter.js';
import { contextModule, featurePyramid } from './pyramid.js';

const channels = 64;

/**
 * RetinaFace on MobileNet-0.25: backbone, feature pyramid, context modules and heads, for any batch, height and width.
 *
 * @param activation LeakyReLU with slope 0.1 for the public RetinaFace checkpoint, ReLU for the "1 MB" one.
 * Source: arXiv:1905.00641, section 3.3 and 4.8; layer sizes and tensor names of the public PyTorch port.
 */
export function retinafaceMobilenet(name: string, source: WeightSource, activation: Activation): OnnxModel {
  const graph = new GraphBuilder(name);
  const input = graph.input('input', ['batch', 3, 'height', 'width']);
  const [fine, middle, coarse] = mobilenetQuarter(graph, source, input, activation);
  const pyramid = featurePyramid(
    graph,
    source,
    [
      { value: fine, channels: 64 },
      { value: middle, channels: 128 },
      { value: coarse, channels: 256 },
    ],
    channels,
    activation,
  );
  const maps = pyramid.map((map, level) => contextModule(graph, source, `ssh${level + 1}`, map, channels, activation));
  pointwiseHeads(graph, source, maps, channels, { anchorsPerCell: 2, shared: false });
  return graph.build();
}

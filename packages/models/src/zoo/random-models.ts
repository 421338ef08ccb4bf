import { headOutputs } from '../architectures/heads.js';
import { retinafaceResnet50, retinafaceResnet152 } from '../architectures/retinaface-resnet.js';
import { publicPort } from './public-port.js';
import type { RandomModel } from './zoo-model.js';

/** Networks without public weights in their original form, for shapes and latency. */
export const randomModels: readonly RandomModel[] = [
  {
    origin: 'random',
    card: {
      ...publicPort,
      id: 'retinaface-resnet50',
      title: 'RetinaFace ResNet-50',
      source: 'https://github.com/biubug6/Pytorch_Retinaface',
      decoder: {
        kind: 'retinaface',
        outputs: headOutputs,
        anchors: 'mnet025',
        variances: [0.1, 0.2],
        softmaxApplied: false,
      },
    },
    build: (source) => retinafaceResnet50('retinaface-resnet50', source),
  },
  {
    origin: 'random',
    card: {
      ...publicPort,
      id: 'retinaface-resnet152',
      title: 'RetinaFace ResNet-152, as in the paper, without deformable convolutions',
      source: 'arXiv:1905.00641',
      decoder: {
        kind: 'retinaface',
        outputs: headOutputs,
        anchors: 'resnet',
        variances: [1, 1],
        softmaxApplied: false,
      },
    },
    build: (source) => retinafaceResnet152('retinaface-resnet152', source),
  },
];

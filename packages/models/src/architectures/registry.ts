import { ModelError } from '@retinabench/core';
import type { Activation } from '../graph/builder.js';
import type { Architecture } from './architecture.js';
import { headOutputs } from './heads.js';
import { retinafaceLight } from './retinaface-light.js';
import { retinafaceMobilenet } from './retinaface-mobilenet.js';
import { retinafaceResnet50, retinafaceResnet152 } from './retinaface-resnet.js';

const leaky: Activation = { kind: 'leaky-relu', slope: 0.1 };
const relu: Activation = { kind: 'relu' };

/** What the cards of all public RetinaFace ports share. */
const publicPort = {
  task: 'face-detection',
  licence: 'MIT',
  landmarks: true,
  input: {
    tensor: 'input',
    layout: 'NCHW',
    colourOrder: 'bgr',
    mean: [104, 117, 123],
    scale: [1, 1, 1],
    size: { rule: 'any' },
  },
  defaults: { scoreFloor: 0.02, nmsIou: 0.4 },
} as const;

/** The networks that the graph writer builds, by id. */
export const architectures: ReadonlyMap<string, Architecture> = new Map(
  (
    [
      {
        card: {
          ...publicPort,
          id: 'retinaface-mnet025',
          title: 'RetinaFace MobileNet-0.25',
          source: 'https://github.com/biubug6/Pytorch_Retinaface',
          decoder: {
            kind: 'retinaface',
            outputs: headOutputs,
            anchors: 'mnet025',
            variances: [0.1, 0.2],
            softmaxApplied: false,
          },
          published: [
            {
              ap: { easy: 0.907, medium: 0.8816, hard: 0.7382 },
              protocol: 'WIDER FACE val, original scale',
              source: 'README of the checkpoint',
            },
          ],
        },
        build: (source) => retinafaceMobilenet('retinaface-mnet025', source, leaky),
      },
      {
        card: {
          ...publicPort,
          id: 'retinaface-1mb-mnet025',
          title: 'RetinaFace MobileNet-0.25 ("1 MB", smaller anchors)',
          source: 'https://github.com/biubug6/Face-Detector-1MB-with-landmark',
          decoder: {
            kind: 'retinaface',
            outputs: headOutputs,
            anchors: 'mnet025-small',
            variances: [0.1, 0.2],
            softmaxApplied: false,
          },
          published: [
            {
              ap: { easy: 0.873, medium: 0.836, hard: 0.638 },
              protocol: 'WIDER FACE val, longest side 640',
              source: 'README of the checkpoint',
            },
          ],
        },
        build: (source) => retinafaceMobilenet('retinaface-1mb-mnet025', source, relu),
      },
      {
        card: {
          ...publicPort,
          id: 'retinaface-1mb-slim',
          title: 'RetinaFace "1 MB" slim',
          source: 'https://github.com/biubug6/Face-Detector-1MB-with-landmark',
          decoder: {
            kind: 'retinaface',
            outputs: headOutputs,
            anchors: 'slim',
            variances: [0.1, 0.2],
            softmaxApplied: false,
          },
          published: [
            {
              ap: { easy: 0.85, medium: 0.808, hard: 0.595 },
              protocol: 'WIDER FACE val, longest side 640',
              source: 'README of the checkpoint',
            },
          ],
        },
        build: (source) => retinafaceLight('retinaface-1mb-slim', source, 'separable'),
      },
      {
        card: {
          ...publicPort,
          id: 'retinaface-1mb-rfb',
          title: 'RetinaFace "1 MB" RFB',
          source: 'https://github.com/biubug6/Face-Detector-1MB-with-landmark',
          decoder: {
            kind: 'retinaface',
            outputs: headOutputs,
            anchors: 'rfb',
            variances: [0.1, 0.2],
            softmaxApplied: false,
          },
          published: [
            {
              ap: { easy: 0.865, medium: 0.828, hard: 0.622 },
              protocol: 'WIDER FACE val, longest side 640',
              source: 'README of the checkpoint',
            },
          ],
        },
        build: (source) => retinafaceLight('retinaface-1mb-rfb', source, 'receptive-field'),
      },
      {
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
    ] satisfies Architecture[]
  ).map((architecture) => [architecture.card.id, architecture]),
);

/** The architecture `id`. @throws {ModelError} naming the known ones if there is none. */
export function findArchitecture(id: string): Architecture {
  const found = architectures.get(id);
  if (found === undefined) {
    throw new ModelError(`architecture ${id}: expected one of ${[...architectures.keys()].join(', ')}`);
  }
  return found;
}

import { headOutputs } from '../architectures/heads.js';
import { retinafaceLight } from '../architectures/retinaface-light.js';
import { retinafaceMobilenet } from '../architectures/retinaface-mobilenet.js';
import type { Activation } from '../graph/builder.js';
import { publicPort } from './public-port.js';
import type { CheckpointModel } from './zoo-model.js';

const leaky: Activation = { kind: 'leaky-relu', slope: 0.1 };
const relu: Activation = { kind: 'relu' };

const oneMegabyteFolder = 'https://raw.githubusercontent.com/biubug6/Face-Detector-1MB-with-landmark/master/weights';

/** The public checkpoints that the graph writer turns into .onnx. */
export const checkpointModels: readonly CheckpointModel[] = [
  {
    origin: 'checkpoint',
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
    file: {
      name: 'retinaface-mnet025.pth',
      urls: [
        'https://github.com/elliottzheng/face-detection/releases/download/0.0.1/mobilenet0.25_Final.pth',
        'https://github.com/clibdev/Pytorch_Retinaface/releases/latest/download/retinaface-mobilenet-0.25.pth',
        'https://huggingface.co/py-feat/retinaface/resolve/main/mobilenet0.25_Final.pth',
      ],
      sizeBytes: 1_789_735,
      sha256: '2979b33ffafda5d74b6948cd7a5b9a7a62f62b949cef24e95fd15d2883a65220',
    },
    build: (source) => retinafaceMobilenet('retinaface-mnet025', source, leaky),
  },
  {
    origin: 'checkpoint',
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
    file: {
      name: 'retinaface-1mb-mnet025.pth',
      urls: [`${oneMegabyteFolder}/mobilenet0.25_Final.pth`],
      sizeBytes: 1_789_735,
      sha256: 'ed6fa7d45a5179f03cb5ce82c73b0c6711372968e53782e88395acee88d319e1',
    },
    build: (source) => retinafaceMobilenet('retinaface-1mb-mnet025', source, relu),
  },
  {
    origin: 'checkpoint',
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
    file: {
      name: 'retinaface-1mb-slim.pth',
      urls: [`${oneMegabyteFolder}/slim_Final.pth`],
      sizeBytes: 1_427_150,
      sha256: '76cdb587b2cf5f91b3836b66a652a0f7a91891758cd4fb0b07e4b7527af1c651',
    },
    build: (source) => retinafaceLight('retinaface-1mb-slim', source, 'separable'),
  },
  {
    origin: 'checkpoint',
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
    file: {
      name: 'retinaface-1mb-rfb.pth',
      urls: [`${oneMegabyteFolder}/RBF_Final.pth`],
      sizeBytes: 1_504_452,
      sha256: 'b22c45855bff5c4eb84e9973e2ee8a980639aa194ec66f33a87ce712f9d44c28',
    },
    build: (source) => retinafaceLight('retinaface-1mb-rfb', source, 'receptive-field'),
  },
];

import type { PublishedModel } from './zoo-model.js';

const ultraFaceFolder =
  'https://raw.githubusercontent.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB/master/models/onnx';

const scrfdStrides = [8, 16, 32] as const;

/** The two UltraFace files differ in their input size alone. */
function ultraFace(widthPx: 320 | 640, sizeBytes: number, sha256: string): PublishedModel {
  return {
    origin: 'published',
    file: {
      name: `ultraface_RFB-${widthPx}.onnx`,
      urls: [`${ultraFaceFolder}/version-RFB-${widthPx}.onnx`],
      sizeBytes,
      sha256,
    },
    card: {
      schemaVersion: 1,
      id: `ultraface-rfb-${widthPx}`,
      title: `Ultra-Light-Fast RFB-${widthPx}`,
      task: 'face-detection',
      source: 'https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB',
      licence: 'MIT',
      sha256,
      parameters: 276_292,
      input: {
        tensor: 'input',
        layout: 'NCHW',
        colourOrder: 'rgb',
        mean: [127, 127, 127],
        scale: [1 / 128, 1 / 128, 1 / 128],
        size: { rule: 'fixed', widthPx, heightPx: widthPx * 0.75, fit: 'stretch', padValue: 0 },
      },
      decoder: { kind: 'corners', outputs: { scores: 'scores', boxes: 'boxes' } },
      defaults: { scoreFloor: 0.02, nmsIou: 0.3 },
      landmarks: false,
      published: [
        widthPx === 320
          ? {
              ap: { easy: 0.787, medium: 0.698, hard: 0.438 },
              protocol: 'WIDER FACE val, longest side 320',
              source: 'README of the model',
            }
          : {
              ap: { easy: 0.855, medium: 0.822, hard: 0.579 },
              protocol: 'WIDER FACE val, longest side 640',
              source: 'README of the model',
            },
      ],
    },
  };
}

/** Detectors and embedders that are published as .onnx. */
export const publishedModels: readonly PublishedModel[] = [
  {
    origin: 'published',
    file: {
      name: 'scrfd_500m_kps.onnx',
      urls: [],
      sizeBytes: 2_524_095,
      sha256: '517cb1980c72422e676738fc45431700fb7cbee56d0f825b623ee427b3e5ce58',
    },
    card: {
      schemaVersion: 1,
      id: 'scrfd-500m',
      title: 'SCRFD-500M with landmarks',
      task: 'face-detection',
      source: 'https://github.com/deepinsight/insightface/tree/master/detection/scrfd',
      licence: 'research only',
      sha256: '517cb1980c72422e676738fc45431700fb7cbee56d0f825b623ee427b3e5ce58',
      parameters: 626_354,
      input: {
        tensor: 'images',
        layout: 'NCHW',
        colourOrder: 'rgb',
        mean: [127.5, 127.5, 127.5],
        scale: [1 / 128, 1 / 128, 1 / 128],
        size: { rule: 'fixed', widthPx: 640, heightPx: 640, fit: 'letterbox', padValue: 0 },
      },
      decoder: {
        kind: 'scrfd',
        levels: scrfdStrides.map((stride, level) => ({
          stride,
          anchorsPerCell: 2,
          scores: `out${level}`,
          boxes: `out${level + 3}`,
          landmarks: `out${level + 6}`,
        })),
      },
      defaults: { scoreFloor: 0.02, nmsIou: 0.45 },
      landmarks: true,
      published: [
        {
          ap: { easy: 0.9097, medium: 0.8844, hard: 0.6949 },
          protocol: 'WIDER FACE val, letterboxed to 640 x 640',
          source: 'README of the model (500M_KPS)',
        },
      ],
    },
  },
  {
    origin: 'published',
    file: {
      name: 'yunet_n_dynamic.onnx',
      urls: ['https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/master/onnx/yunet_n_dynamic.onnx'],
      sizeBytes: 322_906,
      sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    },
    card: {
      schemaVersion: 1,
      id: 'yunet-n',
      title: 'YuNet-n',
      task: 'face-detection',
      source: 'https://github.com/ShiqiYu/libfacedetection.train',
      licence: 'BSD-3-Clause-like',
      sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
      parameters: 73_848,
      input: {
        tensor: 'input',
        layout: 'NCHW',
        colourOrder: 'bgr',
        mean: [0, 0, 0],
        scale: [1, 1, 1],
        size: { rule: 'multiple', of: 32, padValue: 0 },
      },
      decoder: {
        kind: 'yunet',
        levels: scrfdStrides.map((stride) => ({
          stride,
          classification: `cls_${stride}`,
          objectness: `obj_${stride}`,
          boxes: `bbox_${stride}`,
          landmarks: `kps_${stride}`,
        })),
      },
      defaults: { scoreFloor: 0.02, nmsIou: 0.45 },
      landmarks: true,
      published: [
        {
          ap: { easy: 0.892, medium: 0.883, hard: 0.811 },
          protocol: 'WIDER FACE val, original scale',
          source: 'README of the model',
        },
      ],
    },
  },
  ultraFace(320, 1_270_727, '34cd7e60aeff28744c657de7a3dc64e872d506741de66987f3426f2b79f88017'),
  ultraFace(640, 1_588_012, '8f4c659275977e7a3bfbfa339a9c769ad793df50f9c0baa8c14b11baa1646430'),
  {
    origin: 'published',
    file: {
      name: 'mobilefacenet-128d.onnx',
      urls: [],
      sizeBytes: 3_998_070,
      sha256: 'b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507',
    },
    card: {
      schemaVersion: 1,
      id: 'mobilefacenet-128d',
      title: 'MobileFaceNet, 128 dimensions (LFW 99.37 %)',
      task: 'face-embedding',
      source: 'arXiv:1804.07573; public weights',
      licence: 'Apache-2.0',
      sha256: 'b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507',
      parameters: 989_952,
      input: {
        tensor: 'input0',
        layout: 'NCHW',
        colourOrder: 'rgb',
        mean: [123.675, 116.28, 103.53],
        scale: [1 / 58.395, 1 / 57.12, 1 / 57.375],
        size: { rule: 'fixed', widthPx: 112, heightPx: 112, fit: 'stretch', padValue: 0 },
      },
      landmarks: false,
      output: 'output0',
    },
  },
];

import { faceApiLandmark68 } from '../face-api/landmark68.js';
import { faceApiRecognition } from '../face-api/recognition.js';
import { faceApiSsdMobilenet } from '../face-api/ssd-mobilenet.js';
import { faceApiTinyDetector } from '../face-api/tiny-face-detector.js';
import type { EmbeddedModel } from './zoo-model.js';

/** What the cards of all these networks share. */
const shared = {
  source: 'npm package @vladmandic/face-api 1.7.15',
  licence: 'MIT',
  landmarks: false,
} as const;

const rgb = { tensor: 'input', layout: 'NCHW', colourOrder: 'rgb', size: { rule: 'any' } } as const;
const boxes = { kind: 'boxes', outputs: { scores: 'scores', boxes: 'boxes' } } as const;

/** The networks that need no download. */
export const embeddedModels: readonly EmbeddedModel[] = [
  {
    origin: 'embedded',
    weights: 'ssd_mobilenetv1_model',
    card: {
      ...shared,
      id: 'face-api-ssd-mobilenetv1',
      title: 'face-api SSD MobileNetV1',
      task: 'face-detection',
      input: { ...rgb, mean: [127.5, 127.5, 127.5], scale: [1 / 127.5, 1 / 127.5, 1 / 127.5] },
      decoder: boxes,
      defaults: { scoreFloor: 0.02, nmsIou: 0.5 },
    },
    build: (source) => faceApiSsdMobilenet('face-api-ssd-mobilenetv1', source),
  },
  {
    origin: 'embedded',
    weights: 'tiny_face_detector_model',
    card: {
      ...shared,
      id: 'face-api-tiny',
      title: 'face-api tiny face detector',
      task: 'face-detection',
      input: { ...rgb, mean: [0, 0, 0], scale: [1, 1, 1] },
      decoder: boxes,
      defaults: { scoreFloor: 0.02, nmsIou: 0.4 },
    },
    build: (source) => faceApiTinyDetector('face-api-tiny', source),
  },
  {
    origin: 'embedded',
    weights: 'face_landmark_68_model',
    card: {
      ...shared,
      id: 'face-api-landmark68',
      title: 'face-api 68-point landmarks',
      task: 'face-landmarks',
      input: { ...rgb, mean: [0, 0, 0], scale: [1, 1, 1] },
      output: 'landmarks',
    },
    build: (source) => faceApiLandmark68('face-api-landmark68', source),
  },
  {
    origin: 'embedded',
    weights: 'face_recognition_model',
    card: {
      ...shared,
      id: 'face-api-recognition',
      title: 'face-api recognition, 128 dimensions',
      task: 'face-embedding',
      input: { ...rgb, mean: [0, 0, 0], scale: [1, 1, 1] },
      output: 'descriptor',
    },
    build: (source) => faceApiRecognition('face-api-recognition', source),
  },
];

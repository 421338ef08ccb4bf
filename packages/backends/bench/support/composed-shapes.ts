import { seededRandom } from '@retinabench/core';
import type { CardDecoder, ComposedDecoder } from '@retinabench/models';
import type { Tensor } from '../../src/backend/backend.js';

/** A decoder with outputs of its shapes for an input of 640 x 640. */
export interface ComposedShape {
  readonly name: string;
  readonly card: CardDecoder;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

const sidePx = 640;
const strides = [8, 16, 32];

/** Seeded outputs: a share of the scores is high, the others are spread below 0.02; coordinates are those of small boxes. */
function outputs(seed: number) {
  const random = seededRandom(seed);
  const score = (): number => (random() < faceShare ? 0.02 + 0.98 * random() : 0.02 * random());
  const logit = (value: number): number => Math.log(value / (1 - value));
  const tensor = (dims: readonly number[], value: () => number): Tensor => ({
    data: Float32Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, value),
    dims,
  });
  return {
    scores: (...dims: number[]) => tensor(dims, score),
    logits: (...dims: number[]) => tensor(dims, () => logit(score())),
    /** A second factor, which rules out little. */
    classes: (...dims: number[]) => tensor(dims, () => 0.5 + 0.49 * random()),
    offsets: (...dims: number[]) => tensor(dims, () => random() * 2 - 0.5),
  };
}

/** Share of the candidates that score above 0.02. */
const faceShare = 0.02;

function scrfd(): ComposedShape {
  const { scores, offsets } = outputs(1);
  const tensors: Record<string, Tensor> = {};
  const levels = strides.map((stride) => {
    const rows = (sidePx / stride) ** 2 * 2;
    tensors[`score${stride}`] = scores(rows, 1);
    tensors[`box${stride}`] = offsets(rows, 4);
    tensors[`kps${stride}`] = offsets(rows, 10);
    const names = { scores: `score${stride}`, boxes: `box${stride}`, landmarks: `kps${stride}` };
    return { stride, anchorsPerCell: 2, ...names };
  });
  return { name: 'SCRFD', card: { kind: 'scrfd', levels }, tensors };
}

function yunet(): ComposedShape {
  const { scores, classes, offsets } = outputs(2);
  const tensors: Record<string, Tensor> = {};
  const levels = strides.map((stride) => {
    const rows = (sidePx / stride) ** 2;
    tensors[`cls${stride}`] = scores(1, rows, 1);
    tensors[`obj${stride}`] = classes(1, rows, 1);
    tensors[`box${stride}`] = offsets(1, rows, 4);
    tensors[`kps${stride}`] = offsets(1, rows, 10);
    const names = { boxes: `box${stride}`, landmarks: `kps${stride}` };
    return { stride, classification: `cls${stride}`, objectness: `obj${stride}`, ...names };
  });
  return { name: 'YuNet', card: { kind: 'yunet', levels }, tensors };
}

function ultraface(): ComposedShape {
  const { scores, offsets } = outputs(3);
  const count = 17_640;
  const tensors = { scores: scores(1, count, 2), boxes: offsets(1, count, 4) };
  return { name: 'UltraFace', card: { kind: 'corners', outputs: { scores: 'scores', boxes: 'boxes' } }, tensors };
}

/** YOLOv5-face after its own decoding: [1, 25200, 16]. */
function yoloRows(): ComposedShape {
  const { scores, classes, offsets } = outputs(4);
  const count = 25_200;
  const output = offsets(1, count, 16);
  const { data: objects } = scores(count);
  const { data: shares } = classes(count);
  for (let row = 0; row < count; row++) {
    output.data[row * 16 + 4] = objects[row];
    output.data[row * 16 + 15] = shares[row];
    for (const at of [2, 3]) output.data[row * 16 + at] = 20 + 10 * output.data[row * 16 + at];
  }
  const card: ComposedDecoder = {
    kind: 'composed',
    scores: {
      factors: [
        { tensor: 'out', at: 4 },
        { tensor: 'out', at: 15 },
      ],
    },
    boxes: {
      from: [{ tensor: 'out', at: 0 }],
      values: 'cx cy w h',
      position: { origin: 'zero', unit: 'pixels' },
      size: { unit: 'pixels' },
    },
    landmarks: { from: { tensor: 'out', at: 5 }, points: 5, position: { origin: 'zero', unit: 'pixels' } },
  };
  return { name: 'YOLOv5-face, rows', card, tensors: { out: output } };
}

/** YOLOv5-face as its heads give it: [1, 3, rows, columns, 16] a level. */
function yoloHeads(): ComposedShape {
  const { logits, classes, offsets } = outputs(5);
  const anchors = [
    [4, 5, 8, 10, 13, 16],
    [23, 29, 43, 55, 73, 105],
    [146, 217, 231, 300, 335, 433],
  ];
  const names = strides.map((stride) => `out${stride}`);
  const tensors: Record<string, Tensor> = {};
  strides.forEach((stride, level) => {
    const side = sidePx / stride;
    const output = offsets(1, 3, side, side, 16);
    const { data: objects } = logits(3 * side * side);
    const { data: shares } = classes(3 * side * side);
    for (let row = 0; row < 3 * side * side; row++) {
      output.data[row * 16 + 4] = objects[row];
      output.data[row * 16 + 15] = shares[row];
    }
    tensors[names[level]] = output;
  });
  const from = { tensor: names, axes: '1 k h w v' };
  const card: ComposedDecoder = {
    kind: 'composed',
    geometry: {
      levels: strides.map((stride, level) => ({
        stride,
        anchors: [0, 2, 4].map((at) => [anchors[level][at], anchors[level][at + 1]] as const),
      })),
      pointInCell: 0,
    },
    scores: {
      factors: [
        { ...from, at: 4, activation: 'sigmoid' },
        { ...from, at: 15, activation: 'sigmoid' },
      ],
    },
    boxes: {
      from: [{ ...from, at: 0 }],
      values: 'cx cy w h',
      position: { origin: 'point', unit: 'stride', activation: 'sigmoid', factor: 2, add: -0.5 },
      size: { unit: 'anchor', activation: 'sigmoid', factor: 2, power: 2 },
    },
    landmarks: { from: { ...from, at: 5 }, points: 5, position: { origin: 'point', unit: 'anchor' } },
  };
  return { name: 'YOLOv5-face, heads', card, tensors };
}

/** The shapes of public detectors that no special code decodes. */
export const composedShapes = (): ComposedShape[] => [scrfd(), yunet(), ultraface(), yoloRows(), yoloHeads()];

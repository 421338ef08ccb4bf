import type { AnchorShape } from '../card/composed.js';
import type { PartLevel } from './output-parts.js';

/** Anchors in public use, by stride. */
export interface KnownAnchors {
  readonly name: string;
  readonly anchors: Readonly<Record<number, readonly AnchorShape[]>>;
}

const dense = (side: number, density: number): AnchorShape => ({ widthPx: side, heightPx: side, density });
const octave = (side: number): number[] => [0, 1, 2].map((step) => side * 2 ** (step / 3));

/** Square anchors of detectors after SSD. Sources: the public code of each; arXiv:1905.00641, table 2; arXiv:1708.05234. */
export const squareAnchors: readonly KnownAnchors[] = [
  { name: 'RetinaFace MobileNet-0.25 and ResNet-50', anchors: { 8: [16, 32], 16: [64, 128], 32: [256, 512] } },
  { name: 'Face-Detector-1MB', anchors: { 8: [10, 20], 16: [32, 64], 32: [128, 256] } },
  { name: 'RetinaFace, large first', anchors: { 8: [32, 16], 16: [128, 64], 32: [512, 256] } },
  {
    name: 'UltraFace, slim, RFB and YuNet of 2021',
    anchors: { 8: [10, 16, 24], 16: [32, 48], 32: [64, 96], 64: [128, 192, 256] },
  },
  {
    name: 'RetinaFace of the paper',
    anchors: { 4: octave(16), 8: octave(32), 16: octave(64), 32: octave(128), 64: octave(256) },
  },
  { name: 'BlazeFace with anchors of its own', anchors: { 8: [8, 11], 16: [14, 19, 26, 38, 64, 149] } },
  { name: 'FaceBoxes', anchors: { 32: [dense(32, 4), dense(64, 2), 128], 64: [256], 128: [512] } },
  { name: 'S3FD', anchors: { 4: [16], 8: [32], 16: [64], 32: [128], 64: [256], 128: [512] } },
];

/** Anchors of YOLO with faces, [width, height]. Sources: the models' public configuration files. */
export const yoloAnchors: readonly KnownAnchors[] = [
  {
    name: 'YOLOv5-face',
    anchors: {
      8: [
        [4, 5],
        [8, 10],
        [13, 16],
      ],
      16: [
        [23, 29],
        [43, 55],
        [73, 105],
      ],
      32: [
        [146, 217],
        [231, 300],
        [335, 433],
      ],
    },
  },
  {
    name: 'YOLOv7-lite-face',
    anchors: {
      8: [
        [4, 5],
        [6, 8],
        [10, 12],
      ],
      16: [
        [15, 19],
        [23, 30],
        [39, 52],
      ],
      32: [
        [72, 97],
        [123, 164],
        [209, 297],
      ],
    },
  },
  {
    name: 'YOLOv5-face with four levels',
    anchors: {
      8: [
        [6, 7],
        [9, 11],
        [13, 16],
      ],
      16: [
        [18, 23],
        [26, 33],
        [37, 47],
      ],
      32: [
        [54, 67],
        [77, 104],
        [112, 154],
      ],
      64: [
        [174, 238],
        [258, 355],
        [445, 568],
      ],
    },
  },
];

/** Those that have as many anchors a cell on every level. */
export function anchorsFor(known: readonly KnownAnchors[], levels: readonly PartLevel[]): KnownAnchors[] {
  const perCell = (shapes: readonly AnchorShape[]): number =>
    shapes.reduce<number>(
      (sum, shape) => sum + (typeof shape === 'object' && 'density' in shape ? shape.density ** 2 : 1),
      0,
    );
  return known.filter(
    ({ anchors }) =>
      Object.keys(anchors).length === levels.length &&
      levels.every((level) => anchors[level.stride] && perCell(anchors[level.stride]) === level.perCell),
  );
}

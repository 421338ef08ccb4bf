import type { CardInput, InputSize } from '../card/card-input.js';
import type { Family } from './decoder-draft.js';

/** How grey levels become numbers: the choices that a network's file does not tell. */
export interface Normalisation {
  readonly title: string;
  /** Normalisations of one group differ by so little that photographs cannot tell them apart. */
  readonly group: string;
  readonly colourOrder: CardInput['colourOrder'];
  readonly mean: CardInput['mean'];
  readonly scale: CardInput['scale'];
}

type Triple = [number, number, number];

const same = (value: number): Triple => [value, value, value];
const imageNetMean: Triple = [123.675, 116.28, 103.53];
const imageNetScale: Triple = [1 / 58.395, 1 / 57.12, 1 / 57.375];

/** Normalisations in public use, in either colour order. */
export const normalisations: readonly Normalisation[] = [
  ...(['bgr', 'rgb'] as const).flatMap((colourOrder): Normalisation[] => {
    const caffe: Triple = colourOrder === 'bgr' ? [104, 117, 123] : [123, 117, 104];
    const centred = `${colourOrder}, centred`;
    const of = (words: string, mean: Triple, scale: Triple, group?: string): Normalisation => {
      const title = `${colourOrder}, ${words}`;
      return { title, group: group ?? title, colourOrder, mean, scale };
    };
    return [
      of('as it is', same(0), same(1)),
      of(`mean ${caffe.join(', ')}`, caffe, same(1)),
      of('(x - 127.5) / 128', same(127.5), same(1 / 128), centred),
      of('(x - 127.5) / 127.5', same(127.5), same(1 / 127.5), centred),
      of('(x - 127) / 128', same(127), same(1 / 128), centred),
      of('x / 255', same(0), same(1 / 255)),
    ];
  }),
  { title: 'rgb, ImageNet', group: 'rgb, ImageNet', colourOrder: 'rgb', mean: imageNetMean, scale: imageNetScale },
];

/** What a family's public code does with an image. */
export interface FamilyInput {
  readonly normalisation: string;
  /** Of a network of one size. */
  readonly fit: Extract<InputSize, { rule: 'fixed' }>['fit'];
  readonly padValue: number;
  /** Of a network of free size: no padding, padding to a multiple, or stretching to one. */
  readonly free: 'any' | 'pad' | 'stretch';
}

const inputs: Readonly<Record<Family, FamilyInput>> = {
  RetinaFace: { normalisation: 'bgr, mean 104, 117, 123', fit: 'letterbox', padValue: 0, free: 'any' },
  'RetinaFace (MXNet)': { normalisation: 'rgb, as it is', fit: 'letterbox', padValue: 0, free: 'any' },
  SCRFD: { normalisation: 'rgb, (x - 127.5) / 128', fit: 'letterbox', padValue: 0, free: 'pad' },
  YuNet: { normalisation: 'bgr, as it is', fit: 'letterbox', padValue: 0, free: 'pad' },
  UltraFace: { normalisation: 'rgb, (x - 127) / 128', fit: 'stretch', padValue: 0, free: 'pad' },
  FaceBoxes: { normalisation: 'bgr, mean 104, 117, 123', fit: 'stretch', padValue: 0, free: 'any' },
  S3FD: { normalisation: 'bgr, mean 104, 117, 123', fit: 'stretch', padValue: 0, free: 'any' },
  BlazeFace: { normalisation: 'bgr, mean 104, 117, 123', fit: 'stretch', padValue: 0, free: 'pad' },
  'BlazeFace (MediaPipe)': {
    normalisation: 'rgb, (x - 127.5) / 127.5',
    fit: 'letterbox-centre',
    padValue: 0,
    free: 'pad',
  },
  'YOLOv5-face': { normalisation: 'rgb, x / 255', fit: 'letterbox-centre', padValue: 114, free: 'pad' },
  'YOLOv8-face': { normalisation: 'rgb, x / 255', fit: 'letterbox-centre', padValue: 114, free: 'pad' },
  CenterFace: { normalisation: 'rgb, as it is', fit: 'stretch', padValue: 0, free: 'stretch' },
  'decoded boxes': { normalisation: 'rgb, x / 255', fit: 'letterbox', padValue: 0, free: 'pad' },
};

/** The input of a family's public code. */
export function familyInput(family: Family): FamilyInput {
  return inputs[family];
}

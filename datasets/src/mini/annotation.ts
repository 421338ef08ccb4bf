import { canonicalJson } from '@retinabench/core';
import type { FaceTruth } from './truth.js';

/** The ground truth of one image. */
export interface ImageTruth {
  /** `<event>/<image>`, without extension. */
  readonly name: string;
  readonly faces: readonly FaceTruth[];
}

/** What `ground_truth/wider_face_val.json` holds. */
export interface WiderTruth {
  readonly version: 1;
  readonly images: readonly ImageTruth[];
}

/** The ground truth as JSON, keys sorted, so that equal truth has equal bytes. */
export function formatTruthJson(truth: WiderTruth): string {
  return `${canonicalJson(truth)}\n`;
}

/**
 * The ground truth in the text form of WIDER FACE, `wider_face_val_bbx_gt.txt`: image, count, and a line `x y w h blur
 * expression illumination invalid occlusion pose` a face. As there, boxes are whole pixels (corners are rounded), and
 * an image without faces has one line of zeros.
 */
export function formatTruthText(truth: WiderTruth): string {
  const lines = truth.images.flatMap(({ name, faces }) => [
    `${name}.jpg`,
    String(faces.length),
    ...(faces.length === 0 ? ['0 0 0 0 0 0 0 0 0 0'] : faces.map(faceLine)),
  ]);
  return `${lines.join('\n')}\n`;
}

function faceLine(face: FaceTruth): string {
  const [x, y, width, height] = face.box;
  const left = Math.round(x);
  const top = Math.round(y);
  return [
    left,
    top,
    Math.round(x + width) - left,
    Math.round(y + height) - top,
    face.blur,
    face.expression,
    face.illumination,
    face.invalid,
    face.occlusion,
    face.pose,
  ].join(' ');
}

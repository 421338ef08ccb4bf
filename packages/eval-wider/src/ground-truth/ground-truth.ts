import type { Split } from '@retinabench/results';

/** The labels that WIDER FACE gives to every face, by the names of its text annotation. */
export const faceLabels = ['blur', 'expression', 'illumination', 'occlusion', 'pose', 'invalid'] as const;

/** One of `faceLabels`. */
export type FaceLabel = (typeof faceLabels)[number];

/** What the values of each label mean. */
export const labelNames: Readonly<Record<FaceLabel, readonly string[]>> = {
  blur: ['clear', 'normal', 'heavy'],
  expression: ['typical', 'exaggerated'],
  illumination: ['normal', 'extreme'],
  occlusion: ['none', 'partial', 'heavy'],
  pose: ['typical', 'atypical'],
  invalid: ['valid', 'invalid'],
};

/** WIDER FACE annotations of a set of images, in flat arrays: face f belongs to the image i with start[i] <= f < start[i + 1]. */
export interface WiderGroundTruth {
  /** `<event>/<image>` without extension, in the order of the annotation; no name occurs twice. */
  readonly images: readonly string[];
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [faces, 4]: (x, y, w, h) in pixels of the image; whole numbers in WIDER FACE itself. */
  readonly boxesXywh: Float64Array;
  /**
   * Float64Array [faces, 10]: (x, y) of five landmarks in pixels of the image, all -1 for a face without. Empty where no face has
   * any, as in WIDER FACE.
   */
  readonly landmarks: Float64Array;
  /** Per label Uint8Array [faces], values as indices into `labelNames`. */
  readonly labels: Readonly<Record<FaceLabel, Uint8Array>>;
  /** Per split Uint8Array [faces]: 1 where the face counts, 0 where it is ignored. */
  readonly counted: Readonly<Record<Split, Uint8Array>>;
  /** What the splits are, for messages; default: `easy / medium / hard`. */
  readonly splitWords?: string;
}

/** `AP easy / medium / hard`, or by the splits that an annotation has instead. */
export function apWords({ splitWords = 'easy / medium / hard' }: WiderGroundTruth): string {
  return `AP ${splitWords}`;
}

/** The event of an image: the part of its name before the slash, `0--Parade`. */
export function eventOf(image: string): string {
  return image.slice(0, Math.max(image.indexOf('/'), 0));
}

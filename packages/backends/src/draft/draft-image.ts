import type { RgbImage } from '../image/image.js';

/** An annotated photograph that readings of a network are tried on. */
export interface DraftImage {
  readonly image: RgbImage;
  /** Float32Array [faces, 4]: (x1, y1, x2, y2) in image pixels. */
  readonly boxesXyxy: Float32Array;
  /** Of each face, where they are annotated: [5, 2]. */
  readonly landmarks: readonly (Float32Array | undefined)[];
}

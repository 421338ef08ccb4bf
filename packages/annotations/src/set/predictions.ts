import type { LandmarkColumn } from './annotations.js';

/** Detected faces of a set of images, columnar: detection d belongs to the image i with start[i] <= d < start[i + 1]. */
export interface Predictions {
  /** Path of each image as the format gives it, with or without extension; no name occurs twice. */
  readonly images: readonly string[];
  /** `id`: `images` are the ids of the annotations as text, as COCO results have them; default: `path`. */
  readonly namedBy?: 'path' | 'id';
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [detections, 4]: (x, y, w, h), continuous pixels from the image's corner, no `+ 1`. */
  readonly boxesXywh: Float64Array;
  /** Float64Array [detections], in the order of the format. */
  readonly scores: Float64Array;
  readonly landmarks?: LandmarkColumn;
}

import type { ReadingFinding } from './finding.js';

/** Detections of a run, in flat arrays: detection d belongs to the image i with start[i] <= d < start[i + 1]. */
export interface WiderPredictions {
  /** `<event>/<image>` without extension, one entry per prediction file; a name can occur twice in a faulty run. */
  readonly images: readonly string[];
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Float64Array [detections, 4]: (x, y, w, h) in pixels of the original image. */
  readonly boxesXywh: Float64Array;
  /** Float64Array [detections], in the order of the file. */
  readonly scores: Float64Array;
  /** The file of each entry of `images`; absent for predictions that were not read from files. */
  readonly files?: readonly string[];
  /** What the reader met on the way; absent for predictions that were not read from files. */
  readonly findings?: readonly ReadingFinding[];
}

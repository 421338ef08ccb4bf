import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { WiderPredictions } from './predictions.js';

/** The detections of the images of a ground truth, in its order; images without predictions have none. */
export interface AlignedDetections {
  /** Int32Array [images + 1]: the detections of image i of the ground truth are start[i] .. start[i + 1] - 1. */
  readonly start: Int32Array;
  /** Float64Array [detections, 4]: (x, y, w, h), pixels. */
  readonly boxesXywh: Float64Array;
  /** Float64Array [detections]. */
  readonly scores: Float64Array;
}

/**
 * Bring predictions into the order of the ground truth and, within an image, into the order in which they are matched.
 *
 * @param order `file`: as in the file. `score`: best first, equal scores as in the file (a stable sort).
 * Predictions for images that are not annotated are left out; of two for one image, the later one holds, as in the
 * public Python evaluator.
 * Cost: O(detections), or O(n log n) within each image that is not sorted.
 */
export function alignDetections(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  order: 'file' | 'score',
): AlignedDetections {
  const places = new Map(predictions.images.map((name, index) => [name, index]));
  const start = new Int32Array(groundTruth.images.length + 1);
  const sources = groundTruth.images.map((name) => places.get(name));
  sources.forEach((source, image) => {
    const count = source === undefined ? 0 : predictions.start[source + 1] - predictions.start[source];
    start[image + 1] = start[image] + count;
  });
  const total = start[groundTruth.images.length];
  const boxesXywh = new Float64Array(4 * total);
  const scores = new Float64Array(total);
  sources.forEach((source, image) => {
    if (source === undefined) return;
    const from = predictions.start[source];
    const to = predictions.start[source + 1];
    if (order === 'file' || isDescending(predictions.scores, from, to)) {
      boxesXywh.set(predictions.boxesXywh.subarray(4 * from, 4 * to), 4 * start[image]);
      scores.set(predictions.scores.subarray(from, to), start[image]);
      return;
    }
    const ranking = Array.from({ length: to - from }, (_, index) => from + index);
    ranking.sort((a, b) => predictions.scores[b] - predictions.scores[a]);
    ranking.forEach((detection, rank) => {
      const at = start[image] + rank;
      boxesXywh.set(predictions.boxesXywh.subarray(4 * detection, 4 * detection + 4), 4 * at);
      scores[at] = predictions.scores[detection];
    });
  });
  return { start, boxesXywh, scores };
}

/** Whether scores[from, to) never rise. */
export function isDescending(scores: Float64Array, from: number, to: number): boolean {
  for (let index = from + 1; index < to; index++) if (scores[index] > scores[index - 1]) return false;
  return true;
}

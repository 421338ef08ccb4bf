import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';

/** Pairs of detection and face whose IoU reaches the lowest threshold, by detection. */
export interface Candidates {
  /** Int32Array [detections + 1]: the pairs of detection d are start[d] .. start[d + 1] - 1. */
  readonly start: Int32Array;
  /** Int32Array [pairs]: faces, ascending for a detection. */
  readonly face: Int32Array;
  /** Float64Array [pairs]: IoU on continuous coordinates. */
  readonly iou: Float64Array;
}

/**
 * All pairs with an IoU of at least `minimum`, without the `+ 1` convention, as COCO computes it.
 *
 * Cost: one IoU per pair of detection and face of an image.
 */
export function candidatePairs(
  groundTruth: WiderGroundTruth,
  detections: AlignedDetections,
  minimum: number,
): Candidates {
  const start = new Int32Array(detections.scores.length + 1);
  const face: number[] = [];
  const iou: number[] = [];
  const faces = groundTruth.boxesXywh;
  const boxes = detections.boxesXywh;
  for (let image = 0; image < groundTruth.images.length; image++) {
    for (let d = detections.start[image]; d < detections.start[image + 1]; d++) {
      const x = boxes[4 * d];
      const y = boxes[4 * d + 1];
      const w = boxes[4 * d + 2];
      const h = boxes[4 * d + 3];
      for (let f = groundTruth.start[image]; f < groundTruth.start[image + 1]; f++) {
        const overlapW = Math.min(x + w, faces[4 * f] + faces[4 * f + 2]) - Math.max(x, faces[4 * f]);
        if (overlapW <= 0) continue;
        const overlapH = Math.min(y + h, faces[4 * f + 1] + faces[4 * f + 3]) - Math.max(y, faces[4 * f + 1]);
        if (overlapH <= 0) continue;
        const intersection = overlapW * overlapH;
        const value = intersection / (w * h + faces[4 * f + 2] * faces[4 * f + 3] - intersection);
        if (value >= minimum) {
          face.push(f);
          iou.push(value);
        }
      }
      start[d + 1] = face.length;
    }
  }
  return { start, face: Int32Array.from(face), iou: Float64Array.from(iou) };
}

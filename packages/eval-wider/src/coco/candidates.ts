import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';

/** Pairs of detection and face whose IoU reaches the lowest threshold, by detection. */
export interface Candidates {
  /** Int32Array [candidates]: the detections that have a pair, ascending. */
  readonly detection: Int32Array;
  /** Int32Array [candidates + 1]: the pairs of the i-th of them are start[i] .. start[i + 1] - 1. */
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
  const detection: number[] = [];
  const start: number[] = [0];
  const face: number[] = [];
  const iou: number[] = [];
  const faces = groundTruth.boxesXywh;
  const boxes = detections.boxesXywh;
  for (let image = 0; image < groundTruth.images.length; image++) {
    for (let d = detections.start[image]; d < detections.start[image + 1]; d++) {
      const x1 = boxes[4 * d];
      const y1 = boxes[4 * d + 1];
      const w = boxes[4 * d + 2];
      const h = boxes[4 * d + 3];
      const x2 = x1 + w;
      const y2 = y1 + h;
      for (let f = groundTruth.start[image]; f < groundTruth.start[image + 1]; f++) {
        const faceX = faces[4 * f];
        const faceY = faces[4 * f + 1];
        const faceW = faces[4 * f + 2];
        const faceH = faces[4 * f + 3];
        if (faceX >= x2 || faceY >= y2 || faceX + faceW <= x1 || faceY + faceH <= y1) continue;
        const overlapW = Math.min(x2, faceX + faceW) - Math.max(x1, faceX);
        if (overlapW <= 0) continue;
        const overlapH = Math.min(y2, faceY + faceH) - Math.max(y1, faceY);
        if (overlapH <= 0) continue;
        const intersection = overlapW * overlapH;
        const value = intersection / (w * h + faceW * faceH - intersection);
        if (value >= minimum) {
          face.push(f);
          iou.push(value);
        }
      }
      if (face.length > start[start.length - 1]) {
        detection.push(d);
        start.push(face.length);
      }
    }
  }
  return {
    detection: Int32Array.from(detection),
    start: Int32Array.from(start),
    face: Int32Array.from(face),
    iou: Float64Array.from(iou),
  };
}

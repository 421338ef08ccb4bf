import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { AuditSettings, Suspicion } from './suspicion.js';
import { iouOf } from './unannotated-faces.js';

/**
 * Faces of an image that are annotated twice: two boxes whose IoU (`score`) reaches the threshold.
 *
 * @returns the closest first; `boxXywh` is the smaller one's.
 * Cost: O(faces^2) within an image, most of it ended by the first comparison.
 */
export function repeatedBoxes({ start, boxesXywh, crowd }: EvaluatedFaces, { repeated }: AuditSettings): Suspicion[] {
  const found: Suspicion[] = [];
  const boxOf = (face: number): Float64Array => boxesXywh.subarray(4 * face, 4 * face + 4);
  for (let image = 0; image + 1 < start.length; image++) {
    for (let face = start[image]; face < start[image + 1]; face++) {
      for (let other = face + 1; other < start[image + 1]; other++) {
        if (boxesXywh[4 * other] >= boxesXywh[4 * face] + boxesXywh[4 * face + 2]) continue;
        if (crowd[face] === 1 || crowd[other] === 1) continue;
        const iou = iouOf(boxOf(face), boxOf(other));
        if (iou < repeated) continue;
        const area = (of: number): number => boxesXywh[4 * of + 2] * boxesXywh[4 * of + 3];
        const [x, y, w, h] = boxOf(area(face) <= area(other) ? face : other);
        found.push({
          kind: 'repeated',
          image,
          boxXywh: [x, y, w, h],
          score: iou,
          models: [],
          faces: [face, other],
          iou,
        });
      }
    }
  }
  return found.sort((a, b) => b.score - a.score);
}

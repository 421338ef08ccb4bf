import type { RankedDetections } from '@retinabench/results';
import type { ClassifiedErrors } from '../tide/classify.js';
import { detectionTypes } from '../tide/error-types.js';
import { type JudgedDetections, outcomeOf } from './judged-detections.js';

/**
 * Classified detections as judged ones: by image, best first, as `ranked.byImage` has them.
 *
 * @param faceStart Int32Array [images + 1]: the faces of image i are faceStart[i] .. faceStart[i + 1] - 1.
 */
export function judgeErrors(
  { type, ignored, counted }: ClassifiedErrors,
  { scores, start, byImage }: RankedDetections,
  faceStart: Int32Array,
): JudgedDetections {
  return {
    start,
    scores: Float64Array.from(byImage, (rank) => scores[rank]),
    outcomes: Uint8Array.from(byImage, (rank) => {
      if (type[rank] === detectionTypes.hit) return outcomeOf.hit;
      return ignored[rank] === 1 ? outcomeOf.ignored : outcomeOf.falsePositive;
    }),
    faces: Int32Array.from({ length: faceStart.length - 1 }, (_, image) =>
      counted.subarray(faceStart[image], faceStart[image + 1]).reduce((sum, one) => sum + one, 0),
    ),
  };
}

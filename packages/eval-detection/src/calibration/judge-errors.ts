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
  const own = new Float64Array(byImage.length);
  const outcomes = new Uint8Array(byImage.length);
  for (let at = 0; at < byImage.length; at++) {
    const rank = byImage[at];
    own[at] = scores[rank];
    if (type[rank] === detectionTypes.hit) outcomes[at] = outcomeOf.hit;
    else outcomes[at] = ignored[rank] === 1 ? outcomeOf.ignored : outcomeOf.falsePositive;
  }
  const faces = new Int32Array(faceStart.length - 1);
  for (let image = 0; image < faces.length; image++) {
    for (let face = faceStart[image]; face < faceStart[image + 1]; face++) faces[image] += counted[face];
  }
  return { start, scores: own, outcomes, faces };
}

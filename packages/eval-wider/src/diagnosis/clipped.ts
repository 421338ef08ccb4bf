import { formatCount, formatShare } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';

/** The best detections of an image that are looked at. */
const mostDetections = 10;

/** Share of them, and how many at least, that begin at the largest x or y of all. */
const clippedShare = 0.03;
const fewestClipped = 20;

/**
 * Whether boxes were clipped to a frame smaller than the images: then many of different images begin at exactly the largest
 * x, or y. Boxes that are clipped to their image end at its side; hardly one begins there.
 *
 * Cost: linear in the images.
 */
export function diagnoseClipped({ predictions }: DiagnosisInput): Diagnosis[] {
  const { start, boxesXywh: boxes } = predictions;
  return (['x', 'y'] as const).flatMap((axis, offset) => {
    let largest = 0;
    let images = 0;
    let clipped = 0;
    let looked = 0;
    for (let image = 0; image < predictions.images.length; image++) {
      const last = Math.min(start[image + 1], start[image] + mostDetections);
      let own = 0;
      for (let d = start[image]; d < last; d++) {
        looked++;
        const value = boxes[4 * d + offset];
        if (!(boxes[4 * d + 2] > 0 && boxes[4 * d + 3] > 0) || value < largest || value === 0) continue;
        if (value > largest) {
          largest = value;
          images = 0;
          clipped = 0;
          own = 0;
        }
        own++;
        clipped++;
      }
      if (own > 0) images++;
    }
    if (clipped < Math.max(fewestClipped, clippedShare * looked) || images < 3) return [];
    return [
      {
        code: 'boxes-clipped',
        level: 'warning',
        evidence: `${formatShare(clipped / looked)} of the best detections, in ${formatCount(images)} images, begin at ${axis} = ${largest}, and none beyond: the boxes were clipped to a frame smaller than the images`,
        effect: 'faces beyond it are missed, and their boxes are false positives',
        fix: 'clip boxes to the sides of their own image, after they are brought back to its pixels, or not at all',
      },
    ];
  });
}

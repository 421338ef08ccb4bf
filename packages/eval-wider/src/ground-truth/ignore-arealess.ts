import type { WiderGroundTruth } from './ground-truth.js';

/** Ground truth in which faces whose width or height is 0 or less count in no split. */
export function ignoreArealessFaces(groundTruth: WiderGroundTruth): WiderGroundTruth {
  const { boxesXywh: boxes, counted } = groundTruth;
  const kept = (faces: Uint8Array): Uint8Array =>
    faces.map((counts, face) => (boxes[4 * face + 2] > 0 && boxes[4 * face + 3] > 0 ? counts : 0));
  return {
    ...groundTruth,
    counted: { easy: kept(counted.easy), medium: kept(counted.medium), hard: kept(counted.hard) },
  };
}

import type { MatchedRun } from '../score/match-run.js';

/** Errors of a detector that is used at one score. */
export interface OperatingPoint {
  /** Counted faces that no detection of at least the score finds. */
  readonly misses: number;
  /** Detections of at least the score that count and find no face. */
  readonly falsePositives: number;
}

/**
 * Misses and false positives at a score of the detector (not a normalised one).
 *
 * @param counted Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * @param score   detections of at least this score are used.
 * Cost: O(detections + faces).
 */
export function operatingPoint(run: MatchedRun, counted: Uint8Array, score: number): OperatingPoint {
  const { groundTruth, detections, matches } = run;
  const found = new Uint8Array(counted.length);
  let misses = counted.reduce((sum, one) => sum + one, 0);
  let falsePositives = 0;
  for (let image = 0; image < groundTruth.images.length; image++) {
    if (groundTruth.start[image] === groundTruth.start[image + 1]) continue;
    for (let index = detections.start[image]; index < detections.start[image + 1]; index++) {
      if (detections.scores[index] < score) continue;
      const face = matches.face[index];
      if (face >= 0 && counted[face] === 0) continue;
      if (face >= 0 && found[face] === 0) {
        found[face] = 1;
        misses--;
      } else {
        falsePositives++;
      }
    }
  }
  return { misses, falsePositives };
}

import { type MatchedPredictions, matchPredictions } from '../score/match-predictions.js';
import type { DiagnosisInput } from './diagnosis.js';

/** What one matching says of a run; every check starts from it. */
export interface MatchEvidence extends MatchedPredictions {
  /** Int32Array [images]: faces that count in `hard`. */
  readonly faces: Int32Array;
  /** Int32Array [images]: those of them that some detection finds. */
  readonly found: Int32Array;
  /** Int8Array [images]: whether the detection of the highest score goes to a face; -1 without faces or detections. */
  readonly topHit: Int8Array;
  /** Share of the faces that count in `hard` that are found. */
  readonly recall: number;
  /** Share of the images with faces and detections whose best detection goes to a face; 1 if there are none. */
  readonly topPrecision: number;
}

/**
 * Match a run, or take its matching, and count by image.
 *
 * Cost: one IoU per pair of detection and face unless `input.matched` is there; then linear.
 */
export function gatherEvidence(input: DiagnosisInput): MatchEvidence {
  const { groundTruth, predictions, protocol } = input;
  const matched = input.matched ?? matchPredictions(groundTruth, predictions, protocol);
  const { detections, matches } = matched;
  const images = groundTruth.images.length;
  const faces = new Int32Array(images);
  const found = new Int32Array(images);
  const topHit = new Int8Array(images).fill(-1);
  let allFaces = 0;
  let allFound = 0;
  let tops = 0;
  let topHits = 0;
  for (let image = 0; image < images; image++) {
    for (let face = groundTruth.start[image]; face < groundTruth.start[image + 1]; face++) {
      faces[image] += groundTruth.counted.hard[face];
    }
    let top = -1;
    for (let d = detections.start[image]; d < detections.start[image + 1]; d++) {
      const face = matches.face[d];
      if (face >= 0) found[image] += matches.first[d] * groundTruth.counted.hard[face];
      if (top < 0 || detections.scores[d] > detections.scores[top]) top = d;
    }
    allFaces += faces[image];
    allFound += found[image];
    if (top < 0 || groundTruth.start[image] === groundTruth.start[image + 1]) continue;
    topHit[image] = matches.face[top] >= 0 ? 1 : 0;
    tops++;
    topHits += topHit[image];
  }
  return {
    ...matched,
    faces,
    found,
    topHit,
    recall: allFound / Math.max(allFaces, 1),
    topPrecision: tops === 0 ? 1 : topHits / tops,
  };
}

/** Whether a run finds so little that boxes may be misread; a sound run, however weak, has its best detections right. */
export function isSuspicious({ recall, topPrecision }: MatchEvidence): boolean {
  return recall < 0.3 || topPrecision < 0.75;
}

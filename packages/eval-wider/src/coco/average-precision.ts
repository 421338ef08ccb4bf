import {
  candidatePairs,
  cocoIouThresholds,
  interpolatedApOfHits,
  matchDetections,
  rankDetections,
} from '@retinabench/results';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';

/** COCO-style AP of one set of counted faces. */
export interface CocoAp {
  /** AP@[.5:.95], the mean over the ten IoU thresholds. */
  readonly ap: number;
  /** AP at IoU 0.5 and 0.75. */
  readonly ap50: number;
  readonly ap75: number;
}

/**
 * COCO-style AP of the detections, without COCO's limit of 100 detections per image: greedy matching by score to the
 * best face that is still free, ignored faces taken only where no counted one fits, 101-point interpolated precision.
 *
 * @param detections as `alignDetections` gives them.
 * @param countedSets per set Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * @returns per set its AP; undefined where no face counts.
 * Cost: O(sets x 10 x (detections + candidate pairs)).
 * Source: `COCOeval` of pycocotools with `maxDets` above every image's detections; unlike the WIDER FACE rules, IoU has
 * no `+ 1`, an ignored face takes one detection only, and a detection whose best face is taken goes to its next best.
 */
export function cocoAp(
  groundTruth: WiderGroundTruth,
  { start, boxesXywh, scores }: AlignedDetections,
  countedSets: readonly Uint8Array[],
): (CocoAp | undefined)[] {
  const ranked = rankDetections(scores, { first: start.subarray(0, -1), end: start.subarray(1) });
  const pairs = candidatePairs(groundTruth, boxesXywh, ranked, cocoIouThresholds[0]);
  const matched = new Int32Array(scores.length);
  // Without a face in reach a detection is a false positive at every threshold, which its rank alone says.
  const inReach = Int32Array.from(matched.keys()).filter((rank) => pairs.start[rank + 1] > pairs.start[rank]);
  return countedSets.map((counted) => {
    const faces = counted.reduce((sum, one) => sum + one, 0);
    if (faces === 0) return undefined;
    const aps = cocoIouThresholds.map((threshold) => {
      matchDetections(pairs, { counted }, threshold, matched);
      return interpolatedApOfHits(proposalsAtHits(matched, inReach, counted, faces), faces);
    });
    return { ap: aps.reduce((sum, ap) => sum + ap, 0) / aps.length, ap50: aps[0], ap75: aps[5] };
  });
}

/**
 * Per true positive, best score first, the detections that count up to it.
 *
 * @param matched per rank the face, or -1.
 * @param ranks   ascending, those of all matched detections among them.
 */
function proposalsAtHits(matched: Int32Array, ranks: Int32Array, counted: Uint8Array, faces: number): Int32Array {
  const proposalsAt = new Int32Array(faces);
  let found = 0;
  let ignored = 0;
  for (let index = 0; index < ranks.length; index++) {
    const face = matched[ranks[index]];
    if (face < 0) continue;
    if (counted[face] === 1) proposalsAt[found++] = ranks[index] + 1 - ignored;
    else ignored++;
  }
  return proposalsAt.subarray(0, found);
}

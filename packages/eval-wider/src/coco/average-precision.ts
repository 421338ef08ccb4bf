import {
  candidatePairs,
  cocoIouThresholds,
  detectionOutcome,
  interpolatedAp,
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
  const outcomes = new Uint8Array(scores.length);
  return countedSets.map((counted) => {
    const faces = counted.reduce((sum, one) => sum + one, 0);
    if (faces === 0) return undefined;
    const aps = cocoIouThresholds.map((threshold) => {
      matchDetections(pairs, { counted }, threshold, matched);
      for (let rank = 0; rank < matched.length; rank++) {
        const face = matched[rank];
        if (face < 0) outcomes[rank] = detectionOutcome.falsePositive;
        else outcomes[rank] = counted[face] === 1 ? detectionOutcome.truePositive : detectionOutcome.ignored;
      }
      return interpolatedAp(outcomes, faces);
    });
    return { ap: aps.reduce((sum, ap) => sum + ap, 0) / aps.length, ap50: aps[0], ap75: aps[5] };
  });
}

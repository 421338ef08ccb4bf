import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';
import { type Candidates, candidatePairs } from './candidates.js';

/** IoU thresholds 0.50, 0.55 ... 0.95, computed as NumPy's `linspace` does. */
const cocoIouThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9));

/** Recall points 0, 0.01 ... 1. */
const recallPoints = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

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
 * @param detections in the order of `alignDetections(..., 'score')`.
 * @param countedSets per set Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * @returns per set its AP; undefined where no face counts.
 * Cost: O(detections x log detections + sets x 10 x (detections + candidate pairs)).
 * Source: `COCOeval` of pycocotools with `maxDets` above every image's detections; unlike the WIDER FACE rules, IoU has
 * no `+ 1`, an ignored face takes one detection only, and a detection whose best face is taken goes to its next best.
 */
export function cocoAp(
  groundTruth: WiderGroundTruth,
  detections: AlignedDetections,
  countedSets: readonly Uint8Array[],
): (CocoAp | undefined)[] {
  const candidates = candidatePairs(groundTruth, detections, cocoIouThresholds[0]);
  const rank = ranksByScore(detections.scores);
  const taken = new Uint8Array(groundTruth.boxesXywh.length / 4);
  const outcomes = new Uint8Array(detections.scores.length);
  return countedSets.map((counted) => {
    const faces = counted.reduce((sum, one) => sum + one, 0);
    if (faces === 0) return undefined;
    const aps = cocoIouThresholds.map((threshold) => {
      matchGreedily(candidates, counted, threshold, taken, rank, outcomes);
      return interpolatedAp(outcomes, faces);
    });
    return { ap: aps.reduce((sum, ap) => sum + ap, 0) / aps.length, ap50: aps[0], ap75: aps[5] };
  });
}

const falsePositive = 0;
const truePositive = 1;
const dropped = 2;

/**
 * Greedy matching within each image; equal IoU goes to the later face, as in pycocotools.
 *
 * @param outcomes receives what becomes of each detection, at its rank by score.
 */
function matchGreedily(
  { start, detection, face, iou }: Candidates,
  counted: Uint8Array,
  threshold: number,
  taken: Uint8Array,
  rank: Int32Array,
  outcomes: Uint8Array,
): void {
  taken.fill(0);
  outcomes.fill(falsePositive);
  for (let index = 0; index < detection.length; index++) {
    let best = -1;
    let bestIou = threshold;
    for (let ignoredToo = 0; ignoredToo < 2 && best < 0; ignoredToo++) {
      for (let pair = start[index]; pair < start[index + 1]; pair++) {
        const candidate = face[pair];
        if (counted[candidate] === ignoredToo || taken[candidate] === 1 || iou[pair] < bestIou) continue;
        bestIou = iou[pair];
        best = candidate;
      }
    }
    if (best < 0) continue;
    taken[best] = 1;
    outcomes[rank[detection[index]]] = counted[best] === 1 ? truePositive : dropped;
  }
}

/**
 * Mean over the recall points of the best precision at any higher recall; 0 beyond the recall reached. Only true
 * positives matter: between two of them precision falls.
 */
function interpolatedAp(outcomes: Uint8Array, faces: number): number {
  const precision = new Float64Array(faces);
  let found = 0;
  let proposals = 0;
  for (const outcome of outcomes) {
    if (outcome === dropped) continue;
    proposals++;
    if (outcome !== truePositive) continue;
    precision[found] = (found + 1) / proposals;
    found++;
  }
  for (let index = found - 2; index >= 0; index--) precision[index] = Math.max(precision[index], precision[index + 1]);
  let sum = 0;
  let index = 0;
  for (const recall of recallPoints) {
    while (index < found && (index + 1) / faces < recall) index++;
    if (index === found) break;
    sum += precision[index];
  }
  return sum / recallPoints.length;
}

/** Rank of each detection by descending score, equal scores in their old order: a native sort, then each to its place. */
function ranksByScore(scores: Float64Array): Int32Array {
  const sorted = scores.map((score) => -score).sort();
  const used = new Int32Array(scores.length);
  const ranks = new Int32Array(scores.length);
  for (let index = 0; index < scores.length; index++) {
    const value = -scores[index];
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    ranks[index] = low + used[low]++;
  }
  return ranks;
}

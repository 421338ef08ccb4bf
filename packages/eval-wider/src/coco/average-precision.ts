import {
  type CandidatePairs,
  candidatePairs,
  cocoIouThresholds,
  interpolatedApOfHits,
  matchListed,
  rankedWithPairs,
  stableDescending,
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
 * @param detections as `alignDetections` gives them, best first within each image.
 * @param countedSets per set Uint8Array [faces]: 1 where the face counts; all others are ignored.
 * @param nearest Int32Array [detections]: -1 where no face reaches an IoU of 0.5 under the WIDER FACE rules in double precision;
 * these detections are not compared again, since `+ 1` on every side only raises an IoU. Absent: all are compared.
 * @param ranking `stableDescending` of the scores, where it is known.
 * @returns per set its AP; undefined where no face counts.
 * Cost: O(detections + sets x 10 x candidate pairs).
 * Source: `COCOeval` of pycocotools with `maxDets` above every image's detections; unlike the WIDER FACE rules, IoU has
 * no `+ 1`, an ignored face takes one detection only, and a detection whose best face is taken goes to its next best.
 */
export function cocoAp(
  groundTruth: WiderGroundTruth,
  { start, boxesXywh, scores }: AlignedDetections,
  countedSets: readonly Uint8Array[],
  nearest?: Int32Array,
  ranking: Int32Array = stableDescending(scores),
): (CocoAp | undefined)[] {
  const listed = listNear(start, nearest);
  const pairs = candidatePairs(groundTruth, boxesXywh, listed, cocoIouThresholds[0]);
  const inReach = rankedWithPairs(pairs);
  const byRank = inRankOrder(ranking, inReach, listed.detection);
  const matched = new Int32Array(inReach.length);
  return countedSets.map((counted) => {
    const faces = counted.reduce((sum, one) => sum + one, 0);
    if (faces === 0) return undefined;
    const aps = cocoIouThresholds.map((threshold) => {
      // Images do not compete for faces: within each the detections stand best first.
      matchListed(pairs, inReach, { counted }, threshold, matched);
      return interpolatedApOfHits(proposalsAtHits(matched, byRank, counted, faces), faces);
    });
    return { ap: aps.reduce((sum, ap) => sum + ap, 0) / aps.length, ap50: aps[0], ap75: aps[5] };
  });
}

/** The detections that may have a face in reach, in the order of the images, best first within each. */
function listNear(start: Int32Array, nearest: Int32Array | undefined): Parameters<typeof candidatePairs>[2] {
  const detections = start[start.length - 1];
  const detection = new Int32Array(detections);
  const listedStart = new Int32Array(start.length);
  let count = 0;
  for (let image = 0; image + 1 < start.length; image++) {
    for (let index = start[image]; index < start[image + 1]; index++) {
      if (nearest === undefined || nearest[index] >= 0) detection[count++] = index;
    }
    listedStart[image + 1] = count;
  }
  const byImage = new Int32Array(count);
  for (let place = 0; place < count; place++) byImage[place] = place;
  return { detection: detection.subarray(0, count), start: listedStart, byImage };
}

/** Detections by descending score over all images. */
interface RankOrder {
  /** Int32Array [listed]: places in the list of those in reach, best score first. */
  readonly place: Int32Array;
  /** Int32Array [listed]: the rank of each of them among all detections, from 0. */
  readonly rank: Int32Array;
}

/**
 * The detections in reach by descending score, equal scores as they stand. Without a face in reach a detection is a false positive
 * at every threshold, which the ranks of the others alone say.
 */
function inRankOrder(order: Int32Array, inReach: CandidatePairs['face'], detection: Int32Array): RankOrder {
  const placeOf = new Int32Array(order.length).fill(-1);
  for (let place = 0; place < inReach.length; place++) placeOf[detection[inReach[place]]] = place;
  const place = new Int32Array(inReach.length);
  const rank = new Int32Array(inReach.length);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    if (placeOf[order[at]] < 0) continue;
    place[count] = placeOf[order[at]];
    rank[count++] = at;
  }
  return { place, rank };
}

/**
 * Per true positive, best score first, the detections that count up to it.
 *
 * @param matched per detection in reach the face, or -1.
 */
function proposalsAtHits(
  matched: Int32Array,
  { place, rank }: RankOrder,
  counted: Uint8Array,
  faces: number,
): Int32Array {
  const proposalsAt = new Int32Array(faces);
  let found = 0;
  let ignored = 0;
  for (let at = 0; at < place.length; at++) {
    const face = matched[place[at]];
    if (face < 0) continue;
    if (counted[face] === 1) proposalsAt[found++] = rank[at] + 1 - ignored;
    else ignored++;
  }
  return proposalsAt.subarray(0, found);
}

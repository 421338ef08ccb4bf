import { detectionOutcome, matchDetections } from '@retinabench/results';
import type { MatchingInput } from './prepare-matching.js';

/** Which faces a matching is about, among those that count: all, or those of a range of areas. */
export interface AreaRange {
  readonly name: string;
  /** Pixels squared, both included. */
  readonly low: number;
  readonly high: number;
}

/** COCO's ranges of area. */
export const cocoAreas: readonly AreaRange[] = [
  { name: 'all', low: 0, high: 1e10 },
  { name: 'small', low: 0, high: 32 ** 2 },
  { name: 'medium', low: 32 ** 2, high: 96 ** 2 },
  { name: 'large', low: 96 ** 2, high: 1e10 },
];

/** Uint8Array [faces]: 1 where a face counts and its area lies in the range. */
export function countedIn({ faces }: MatchingInput, { low, high }: AreaRange): Uint8Array {
  return faces.counted.map((counts, face) => (faces.areasPx[face] < low || faces.areasPx[face] > high ? 0 : counts));
}

/** Uint8Array [detections] by rank: 1 where a detection that finds no face is ignored for its area. */
export function outsideOf({ areasPx, tooSmall }: MatchingInput, { low, high }: AreaRange): Uint8Array {
  const outside = tooSmall === undefined ? new Uint8Array(areasPx.length) : tooSmall.slice();
  for (let rank = 0; rank < outside.length; rank++) {
    if (areasPx[rank] < low || areasPx[rank] > high) outside[rank] = 1;
  }
  return outside;
}

/** What became of each detection in one matching. */
export interface FaceMatches {
  /** Int32Array [detections] by rank: the face that each goes to, counted or not, or -1. */
  readonly face: Int32Array;
  /** Uint8Array [detections] by rank, of `detectionOutcome`. */
  readonly outcomes: Uint8Array;
}

/**
 * Match by COCO's rules at one threshold.
 *
 * @param counted Uint8Array [faces]: as `countedIn`; all other faces are ignored.
 * @param outside Uint8Array [detections] by rank: as `outsideOf`.
 * @param out     arrays that receive the result; new ones by default.
 * Cost: O(detections + pairs).
 */
export function matchFaces(
  { faces, pairs }: MatchingInput,
  counted: Uint8Array,
  outside: Uint8Array,
  threshold: number,
  out: FaceMatches = { face: new Int32Array(outside.length), outcomes: new Uint8Array(outside.length) },
): FaceMatches {
  const { face, outcomes } = out;
  matchDetections(pairs, { counted, crowd: faces.crowd }, threshold, face);
  const { falsePositive, truePositive, ignored } = detectionOutcome;
  for (let rank = 0; rank < face.length; rank++) {
    if (face[rank] < 0) outcomes[rank] = outside[rank] === 1 ? ignored : falsePositive;
    else outcomes[rank] = counted[face[rank]] === 1 ? truePositive : ignored;
  }
  return out;
}

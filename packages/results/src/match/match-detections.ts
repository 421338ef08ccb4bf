import type { CandidatePairs } from './candidate-pairs.js';

/** What becomes of a face in a matching. */
export interface FaceRoles {
  /** Uint8Array [faces]: 1 where the face counts; all others are ignored. */
  readonly counted: Uint8Array;
  /** Uint8Array [faces]: 1 where any number of detections may go to the face; absent: nowhere. */
  readonly crowd?: Uint8Array;
}

/**
 * Match detections to faces at one threshold as COCO does: best score first, each detection to the counted face that is
 * still free and that it overlaps most, of equal ones to the later; only where there is none, to the ignored face that it
 * overlaps most. A counted or ignored face takes one detection, a crowd any number.
 *
 * @param pairs of a minimum that is not above the threshold.
 * @param out   Int32Array [detections]: receives by rank the matched face, or -1.
 * @returns `out`. A detection is ignored where its face is (or, by the caller's rule, where it has none and its size is
 * not evaluated).
 * Cost: O(detections + pairs).
 * Source: `COCOeval.evaluateImg` of pycocotools 2.0.11, but for its confusion of a face of id 0 with no face.
 */
export function matchDetections(
  pairs: CandidatePairs,
  roles: FaceRoles,
  threshold: number,
  out: Int32Array,
): Int32Array {
  const lowest = Math.min(threshold, 1 - 1e-10);
  const taken = new Uint8Array(roles.counted.length);
  for (let rank = 0; rank + 1 < pairs.start.length; rank++) out[rank] = takeBestFace(pairs, rank, roles, lowest, taken);
  return out;
}

/** Int32Array: the ranks of the detections that have pairs, ascending; no other goes to a face at any threshold. */
export function rankedWithPairs({ start }: CandidatePairs): Int32Array {
  let count = 0;
  for (let rank = 0; rank + 1 < start.length; rank++) if (start[rank + 1] > start[rank]) count++;
  const ranks = new Int32Array(count);
  count = 0;
  for (let rank = 0; rank + 1 < start.length; rank++) if (start[rank + 1] > start[rank]) ranks[count++] = rank;
  return ranks;
}

/**
 * The same for some detections alone, without a look at the others.
 *
 * @param ranks Int32Array [listed]: ascending; those that `rankedWithPairs` gives.
 * @param out   Int32Array [listed]: receives the matched face of each, or -1.
 * Cost: O(listed + their pairs).
 */
export function matchListed(
  pairs: CandidatePairs,
  ranks: Int32Array,
  roles: FaceRoles,
  threshold: number,
  out: Int32Array,
): Int32Array {
  const lowest = Math.min(threshold, 1 - 1e-10);
  const taken = new Uint8Array(roles.counted.length);
  for (let at = 0; at < ranks.length; at++) out[at] = takeBestFace(pairs, ranks[at], roles, lowest, taken);
  return out;
}

/** Give the detection at a rank its best face, which is taken then; -1 if none is left. */
function takeBestFace(
  { start, face, overlap }: CandidatePairs,
  rank: number,
  { counted, crowd }: FaceRoles,
  lowest: number,
  taken: Uint8Array,
): number {
  let best = -1;
  let bestOverlap = lowest;
  let bestCounted = 0;
  for (let pair = start[rank]; pair < start[rank + 1]; pair++) {
    const candidate = face[pair];
    const value = overlap[pair];
    if (value < lowest || (taken[candidate] === 1 && crowd?.[candidate] !== 1)) continue;
    const counts = counted[candidate];
    if (counts < bestCounted) continue;
    if (counts === bestCounted && (value < bestOverlap || (value === bestOverlap && candidate < best))) continue;
    best = candidate;
    bestOverlap = value;
    bestCounted = counts;
  }
  if (best >= 0) taken[best] = 1;
  return best;
}

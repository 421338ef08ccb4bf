import { type BreakdownBin, detectionOutcome, interpolatedAp } from '@retinabench/results';
import { matchFaces } from '../match/match-faces.js';
import type { MatchingInput } from '../match/prepare-matching.js';
import type { FaceBins } from './face-bins.js';

/**
 * AP and recall of the faces of each bin, at one IoU, by COCO's rules without its limit of detections. Counted are the faces
 * of the bin that count at all; all others are ignored. A detection that finds no face has no attribute and is a false
 * positive in every bin. A bin without counted faces has no AP and is left out.
 *
 * @param outside Uint8Array [detections] by rank: 1 where a detection that finds no face is ignored.
 * Cost: one matching for each bin.
 */
export function breakDown(
  input: MatchingInput,
  outside: Uint8Array,
  { names, binOf }: FaceBins,
  iou: number,
): Record<string, BreakdownBin> {
  const { counted, source } = input.faces;
  const matched = { face: new Int32Array(outside.length), outcomes: new Uint8Array(outside.length) };
  const bins: Record<string, BreakdownBin> = {};
  for (const [bin, name] of names.entries()) {
    const own = counted.map((counts, face) => (binOf[source[face]] === bin ? counts : 0));
    const faces = own.reduce((sum, one) => sum + one, 0);
    if (faces === 0) continue;
    const { outcomes } = matchFaces(input, own, outside, iou, matched);
    let found = 0;
    for (const outcome of outcomes) if (outcome === detectionOutcome.truePositive) found++;
    bins[name] = { faces, ap: interpolatedAp(outcomes, faces), recall: found / faces };
  }
  return bins;
}

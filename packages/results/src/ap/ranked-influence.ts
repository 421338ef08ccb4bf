import type { ApInfluence } from './influence.js';
import { detectionOutcome } from './interpolated-ap.js';

/** The detections of a set of images with what became of each, best score first. */
export interface RankedOutcomes {
  /** Uint8Array [detections] of `detectionOutcome`. */
  readonly outcomes: Uint8Array;
  /** Int32Array [detections]: the image of each. */
  readonly image: Int32Array;
  /** Int32Array [images]: counted faces. */
  readonly faces: Int32Array;
}

/**
 * The influence of each image on the area under the envelope of a precision-recall curve that has a point for every
 * detection: what `apInfluence` is for a curve of 1,000 points.
 *
 * @param ap where given, the AP of the same curve by another rule (101 recalls): the influences are scaled to it, so that
 * what the images find adds up to it.
 * @returns undefined if no face is counted.
 * Cost: O(detections + images).
 */
export function rankedInfluence(
  { outcomes, image, faces: facesOf }: RankedOutcomes,
  ap?: number,
): ApInfluence | undefined {
  const faces = facesOf.reduce((sum, of) => sum + of, 0);
  if (faces === 0) return undefined;
  const { envelope, points } = envelopeOf(outcomes);
  const area = envelope.reduce((sum, precision) => sum + precision, 0) / faces;
  const found = new Float64Array(facesOf.length);
  let recallSlope = 0;
  let precisionSlope = 0;
  let hit = envelope.length - 1;
  for (let rank = outcomes.length - 1, point = 0; rank >= 0; rank--) {
    const own = outcomes[rank];
    if (own === detectionOutcome.ignored) continue;
    if (own === detectionOutcome.truePositive) {
      if (point < points.length && points[point].hit === hit) {
        const { steps, proposals, precision } = points[point++];
        recallSlope += steps / proposals;
        precisionSlope += (steps / proposals) * precision;
      }
      found[image[rank]] += envelope[hit--] + recallSlope;
    }
    found[image[rank]] -= precisionSlope;
  }
  const scale = (ap !== undefined && area > 0 ? ap / area : 1) / faces;
  // A face that is found first has precision 1, whatever follows.
  const perfectFace = (1 + recallSlope - precisionSlope) * scale;
  const value = ap ?? area;
  for (let of = 0; of < found.length; of++) found[of] *= scale;
  return {
    ap: value,
    faces,
    found,
    influence: found.map((own, of) => own - (value / faces) * facesOf[of]),
    missing: found.map((own, of) => perfectFace * facesOf[of] - own),
  };
}

/** A point that holds the envelope up. */
interface EnvelopePoint {
  /** Its true positive, from 0. */
  readonly hit: number;
  /** Proposals up to it. */
  readonly proposals: number;
  readonly precision: number;
  /** True positives whose precision it gives. */
  steps: number;
}

/** Float64Array [true positives]: the best precision from each of them on; and its points, last first. */
function envelopeOf(outcomes: Uint8Array): { envelope: Float64Array; points: EnvelopePoint[] } {
  const proposalsAt: number[] = [];
  let proposals = 0;
  for (let rank = 0; rank < outcomes.length; rank++) {
    if (outcomes[rank] !== detectionOutcome.ignored) proposals++;
    if (outcomes[rank] === detectionOutcome.truePositive) proposalsAt.push(proposals);
  }
  const envelope = new Float64Array(proposalsAt.length);
  const points: EnvelopePoint[] = [];
  for (let hit = proposalsAt.length - 1; hit >= 0; hit--) {
    const precision = (hit + 1) / proposalsAt[hit];
    const last = points.at(-1);
    if (last === undefined || precision > last.precision) {
      points.push({ hit, proposals: proposalsAt[hit], precision, steps: 1 });
      envelope[hit] = precision;
    } else {
      last.steps++;
      envelope[hit] = last.precision;
    }
  }
  return { envelope, points };
}

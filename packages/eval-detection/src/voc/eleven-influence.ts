import { type ApInfluence, detectionOutcome, type RankedOutcomes } from '@retinabench/results';
import { elevenRecalls, envelopeOf } from './integrals.js';

/** Share of the faces over which the slope of the curve at a recall is taken, to either side. */
const slopeWidth = 0.05;

/**
 * The influence of each image on VOC's AP of 2007. At each recall r the precision P is read at its T = r F th face of N
 * proposals. Weight of an image adds to N its own proposals up to there, less those that the curve gives back since the recall is
 * reached earlier, by its slope dN/dT there, and to F its faces: dP = P (dF / F - (dN - (dN/dT) (dT - r dF)) / N). The curve is the
 * envelope; where it is flat this is (dT - P dN) / N, as for every other AP.
 *
 * @param value AP of 2007 of the same outcomes.
 * @returns undefined if no face counts.
 * Cost: O(11 x detections + images).
 */
export function elevenPointInfluence(
  { outcomes, image, faces: facesOf }: RankedOutcomes,
  value: number,
): ApInfluence | undefined {
  const faces = facesOf.reduce((sum, of) => sum + of, 0);
  if (faces === 0) return undefined;
  const envelope = envelopeOf(outcomes);
  const found = new Float64Array(facesOf.length);
  let perFace = 0;
  let perPerfectFace = 0;
  for (let tenth = 0; tenth < elevenRecalls; tenth++) {
    const recall = tenth / (elevenRecalls - 1);
    const hit = envelope.findIndex((_, index) => (index + 1) / faces >= recall);
    if (hit < 0) break;
    const precision = envelope[hit];
    const proposals = (hit + 1) / precision;
    const slope = slopeAt(envelope, hit, Math.max(1, Math.round(slopeWidth * faces)));
    const weight = precision / proposals / elevenRecalls;
    addUpTo(found, outcomes, image, { hits: hit + 1, perHit: weight * (slope - 1), perMiss: -weight });
    perFace += precision / faces / elevenRecalls - weight * slope * recall;
    perPerfectFace += weight * (slope - 1);
  }
  // What rounding to whole faces leaves is spread over the faces, so that the influences add up to nothing.
  const left = found.reduce((sum, own) => sum + own, 0) + perFace * faces;
  perFace -= left / faces;
  const influence = found.map((own, at) => own + perFace * facesOf[at]);
  return {
    ap: value,
    faces,
    influence,
    found: found.map((own, at) => own + (perFace + value / faces) * facesOf[at]),
    missing: influence.map((own, at) => (perPerfectFace + perFace) * facesOf[at] - own),
  };
}

/** Add to each image what its detections up to a true positive weigh. */
function addUpTo(
  sums: Float64Array,
  outcomes: Uint8Array,
  image: Int32Array,
  { hits, perHit, perMiss }: { readonly hits: number; readonly perHit: number; readonly perMiss: number },
): void {
  for (let rank = 0, seen = 0; seen < hits; rank++) {
    if (outcomes[rank] === detectionOutcome.ignored) continue;
    if (outcomes[rank] === detectionOutcome.truePositive) seen++;
    sums[image[rank]] += outcomes[rank] === detectionOutcome.truePositive ? perHit : perMiss;
  }
}

/** Proposals per true positive of the envelope around a true positive. */
function slopeAt(envelope: Float64Array, hit: number, width: number): number {
  const low = Math.max(0, hit - width);
  const high = Math.min(envelope.length - 1, hit + width);
  if (low === high) return 1 / envelope[hit];
  return ((high + 1) / envelope[high] - (low + 1) / envelope[low]) / (high - low);
}

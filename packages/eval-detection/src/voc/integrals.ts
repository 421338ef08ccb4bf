import { detectionOutcome } from '@retinabench/results';

/**
 * Area under the envelope of the precision-recall curve that has a point for every detection: VOC's AP from 2010 on.
 *
 * @param outcomes Uint8Array [detections] of `detectionOutcome`, best score first.
 * @param faces    counted faces, more than 0.
 */
export function envelopeArea(outcomes: Uint8Array, faces: number): number {
  return envelopeOf(outcomes).reduce((sum, precision) => sum + precision, 0) / faces;
}

/** Recalls of VOC's AP of 2007. */
export const elevenRecalls = 11;

/** Mean over the recalls 0, 0.1 ... 1 of the best precision at any recall at least as high: VOC's AP of 2007. */
export function elevenPointAp(outcomes: Uint8Array, faces: number): number {
  const envelope = envelopeOf(outcomes);
  let sum = 0;
  for (let tenth = 0; tenth < elevenRecalls; tenth++) {
    const hit = envelope.findIndex((_, index) => (index + 1) / faces >= tenth / 10);
    if (hit >= 0) sum += envelope[hit];
  }
  return sum / elevenRecalls;
}

/** Precision at the last true positive; 0 if there is none. */
export function endPrecision(outcomes: Uint8Array): number {
  return envelopeOf(outcomes).at(-1) ?? 0;
}

/** Float64Array [true positives]: the best precision from each of them on. */
export function envelopeOf(outcomes: Uint8Array): Float64Array {
  const precision: number[] = [];
  let proposals = 0;
  for (let rank = 0; rank < outcomes.length; rank++) {
    if (outcomes[rank] === detectionOutcome.ignored) continue;
    proposals++;
    if (outcomes[rank] === detectionOutcome.truePositive) precision.push((precision.length + 1) / proposals);
  }
  for (let hit = precision.length - 2; hit >= 0; hit--) precision[hit] = Math.max(precision[hit], precision[hit + 1]);
  return Float64Array.from(precision);
}

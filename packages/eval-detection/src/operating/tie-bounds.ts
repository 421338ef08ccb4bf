import { detectionOutcome, interpolatedAp } from '@retinabench/results';

/** Between which values AP lies by the order of detections of equal score alone. */
export interface TieBounds {
  /** False positives first. */
  readonly low: number;
  /** Faces found first. */
  readonly high: number;
  /** Share of the detections that share their score with another. */
  readonly tied: number;
}

/**
 * What the order of detections of equal score can do to AP: they keep the order of images and files, which no one chose.
 *
 * @param outcomes Uint8Array [detections] of `detectionOutcome`, best score first.
 * @param scores   Float64Array [detections], descending.
 * @param faces    counted faces, more than 0.
 * Cost: O(detections).
 */
export function tieBounds(outcomes: Uint8Array, scores: Float64Array, faces: number): TieBounds {
  const [low, high] = [outcomes.slice(), outcomes.slice()];
  let tied = 0;
  for (let from = 0; from < scores.length; ) {
    let to = from + 1;
    while (to < scores.length && scores[to] === scores[from]) to++;
    if (to - from > 1) {
      tied += to - from;
      let found = 0;
      for (let rank = from; rank < to; rank++) if (outcomes[rank] === detectionOutcome.truePositive) found++;
      let ignored = 0;
      for (let rank = from; rank < to; rank++) if (outcomes[rank] === detectionOutcome.ignored) ignored++;
      const wrong = to - from - found - ignored;
      const { falsePositive, truePositive } = detectionOutcome;
      low.fill(detectionOutcome.ignored, from, to).fill(falsePositive, from, from + wrong);
      low.fill(truePositive, from + wrong, from + wrong + found);
      high.fill(detectionOutcome.ignored, from, to).fill(truePositive, from, from + found);
      high.fill(falsePositive, from + found, from + found + wrong);
    }
    from = to;
  }
  return {
    low: interpolatedAp(low, faces),
    high: interpolatedAp(high, faces),
    tied: tied / Math.max(1, scores.length),
  };
}

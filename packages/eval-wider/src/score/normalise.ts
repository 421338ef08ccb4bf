import { ProtocolError } from '@retinabench/core/basics';
import { thresholdCount } from '@retinabench/results';

/** Smallest and largest score of a run. */
export interface ScoreRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The range that scores are normalised by. It couples the images of a run, so a part of a run needs the range of the
 * whole.
 *
 * @param scores all scores of the run, those of images without faces included.
 * @param format `float64`: min starts at 1 and max at 0, as in the public Python evaluator, so that scores beyond
 * 0..1 do not reach the ends; `float32`: scores are rounded to single precision first.
 * @throws {ProtocolError} if all scores are equal (0/0) or there is none.
 */
export function scoreRange(scores: Float64Array, format: 'float64' | 'float32'): ScoreRange {
  let min = format === 'float64' ? 1 : Number.POSITIVE_INFINITY;
  let max = format === 'float64' ? 0 : Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index];
    if (score < min) min = score;
    if (score > max) max = score;
  }
  if (format === 'float32') {
    min = Math.fround(min);
    max = Math.fround(max);
  }
  if (scores.length === 0 || min === max) {
    throw new ProtocolError(
      scores.length === 0
        ? 'scores: expected at least one detection in the run, got none; AP is not defined'
        : `scores: expected scores that differ, got ${scores.length} times ${min}; normalised scores would be 0/0: write the detector's scores`,
    );
  }
  return { min, max };
}

/** 1 - t/1000 for t = 0 .. 1000, computed so. */
const thresholds = Float64Array.from({ length: thresholdCount + 1 }, (_, t) => 1 - t / thresholdCount);

/**
 * The first threshold that takes each detection in: the smallest t in 1..1000 with s' >= 1 - t/1000, s' being the
 * normalised score.
 *
 * @param out Uint16Array [detections]: receives 1..1000.
 * @returns `out`.
 * Cost: O(detections).
 */
export function thresholdIndices(
  scores: Float64Array,
  { min, max }: ScoreRange,
  format: 'float64' | 'float32',
  out: Uint16Array = new Uint16Array(scores.length),
): Uint16Array {
  const single = format === 'float32';
  const width = single ? Math.fround(max - min) : max - min;
  for (let index = 0; index < scores.length; index++) {
    const offset = single ? Math.fround(Math.fround(scores[index]) - min) : scores[index] - min;
    const normalised = single ? Math.fround(offset / width) : offset / width;
    let t = Math.min(Math.max(Math.ceil((1 - normalised) * thresholdCount), 1), thresholdCount);
    while (t > 1 && normalised >= thresholds[t - 1]) t--;
    while (t < thresholdCount && normalised < thresholds[t]) t++;
    out[index] = t;
  }
  return out;
}

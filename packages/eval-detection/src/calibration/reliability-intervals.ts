import { type Interval, intervalHolding, percentileInterval, quantile } from '@retinabench/results';
import { drawImages, type ResamplingOptions } from '../resample/draw-images.js';
import { binScores } from './bin-edges.js';
import type { CountedScores, Reliability } from './reliability.js';

/** 95 % intervals of numbers of calibration. */
export interface ReliabilityIntervals {
  readonly ece: Interval;
  readonly mce: Interval;
  readonly brier: Interval;
  /** Each number in each draw. */
  readonly draws: Readonly<Record<'ece' | 'mce' | 'brier', readonly number[]>>;
}

/**
 * Intervals of ECE, MCE and Brier score, by bootstrap over images with the bins as they are.
 *
 * ECE and MCE of a sample are too large on average, since chance opens gaps in every bin, and those of a resample by as
 * much again: their intervals are mirrored about the value (basic bootstrap), which takes that out to first order. Each holds
 * its value.
 *
 * @throws {ProtocolError} as drawImages and binScores.
 * Cost: O(detections + resamples x images x bins).
 */
export function reliabilityIntervals(
  { scores, correct, start }: CountedScores,
  { binning, bins, ece, mce, brier }: Reliability,
  options: ResamplingOptions = {},
): ReliabilityIntervals {
  const images = start.length - 1;
  const { binOf } = binScores(scores, binning, bins.length);
  const sums = new SparseSums(images, bins.length);
  for (let image = 0; image < images; image++) {
    for (let index = start[image]; index < start[image + 1]; index++) {
      sums.add(binOf(scores[index]), scores[index], correct[index]);
    }
    sums.endImage(image);
  }
  const draws = { ece: [] as number[], mce: [] as number[], brier: [] as number[] };
  drawImages(images, options, (times) => {
    const drawn = sums.take(times);
    if (drawn === undefined) return;
    draws.ece.push(drawn.ece);
    draws.mce.push(drawn.mce);
    draws.brier.push(drawn.brier);
  });
  const mirrored = (of: readonly number[], value: number): Interval => {
    const [low, high] = [2 * value - quantile(of, 0.975), 2 * value - quantile(of, 0.025)];
    return intervalHolding([Math.max(0, low), Math.min(1, high)], value);
  };
  if (draws.ece.length === 0) return { ece: [0, 1], mce: [0, 1], brier: [0, 1], draws };
  return {
    ece: mirrored(draws.ece, ece),
    mce: mirrored(draws.mce, mce),
    brier: intervalHolding(percentileInterval(draws.brier), brier),
    draws,
  };
}

/** Sums of each image in the bins that it has detections in. */
class SparseSums {
  readonly #bins: number;
  readonly #start: Int32Array;
  /** (bin, count, score less correctness, squared difference) of each entry. */
  readonly #entries: number[] = [];
  readonly #own: Float64Array;
  readonly #total: Float64Array;

  constructor(images: number, bins: number) {
    this.#bins = bins;
    this.#start = new Int32Array(images + 1);
    this.#own = new Float64Array(3 * bins);
    this.#total = new Float64Array(3 * bins);
  }

  add(bin: number, score: number, correct: number): void {
    this.#own[3 * bin]++;
    this.#own[3 * bin + 1] += score - correct;
    this.#own[3 * bin + 2] += (score - correct) ** 2;
  }

  endImage(image: number): void {
    for (let bin = 0; bin < this.#bins; bin++) {
      const sums = this.#own.subarray(3 * bin, 3 * bin + 3);
      if (sums[0] > 0) this.#entries.push(bin, ...sums);
    }
    this.#own.fill(0);
    this.#start[image + 1] = this.#entries.length;
  }

  take(times: Uint32Array): { ece: number; mce: number; brier: number } | undefined {
    const total = this.#total.fill(0);
    for (let image = 0; image < times.length; image++) {
      const weight = times[image];
      if (weight === 0) continue;
      for (let at = this.#start[image]; at < this.#start[image + 1]; at += 4) {
        const to = 3 * this.#entries[at];
        total[to] += weight * this.#entries[at + 1];
        total[to + 1] += weight * this.#entries[at + 2];
        total[to + 2] += weight * this.#entries[at + 3];
      }
    }
    let [detections, gaps, largest, squares] = [0, 0, 0, 0];
    for (let at = 0; at < total.length; at += 3) {
      if (total[at] === 0) continue;
      detections += total[at];
      gaps += Math.abs(total[at + 1]);
      largest = Math.max(largest, Math.abs(total[at + 1]) / total[at]);
      squares += total[at + 2];
    }
    return detections === 0 ? undefined : { ece: gaps / detections, mce: largest, brier: squares / detections };
  }
}

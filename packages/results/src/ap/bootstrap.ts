import { ProtocolError, resample, ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { quantile } from '../stats/quantile.js';
import { thresholdCount } from './average-precision.js';
import { apOfCurve, type ImageCurves, sumCurves } from './image-curves.js';

/** How a bootstrap draws. */
export interface BootstrapOptions {
  /** Resamples, at least 2; 1,000 by default. */
  readonly resamples?: number;
  /** Uniform numbers in [0, 1) from a seeded generator such as `seededRandom(seed)`. */
  readonly random: () => number;
}

/** Resamples of an interval by default. */
const defaultResamples = 1000;

/**
 * AP of resamples of the images, drawn with replacement. Every curve set sees the same draws, so that the splits of one
 * run, or two runs on the same images, stay paired. Scores stay normalised by the run they come from: only images are
 * resampled.
 *
 * @param curveSets one or more, all over the same images in the same order.
 * @returns per curve set, Float64Array [resamples]. A draw in which no face is counted has no AP and is drawn again for
 * all sets; a set that counts no face at all gives an empty array.
 * @throws {ShapeError} if the sets differ in images or there is none.
 * @throws {ProtocolError} if fewer than 2 resamples are asked for.
 * Cost: O(resamples x points); about 0.5 ms a resample and split of full WIDER FACE validation.
 */
export function bootstrapAp(curveSets: readonly ImageCurves[], options: BootstrapOptions): Float64Array[] {
  const { resamples = defaultResamples, random } = options;
  const images = curveSets[0]?.faces.length ?? 0;
  if (images === 0 || curveSets.some(({ faces }) => faces.length !== images)) {
    throw new ShapeError(
      `bootstrap: expected curve sets over the same images, at least one, got ${curveSets.map(({ faces }) => faces.length).join(', ') || 'none'}`,
    );
  }
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new ProtocolError(`bootstrap: expected a whole number of at least 2 resamples, got ${resamples}`);
  }
  const live = curveSets.map(({ faces }) => faces.some((count) => count > 0));
  const aps = live.map((alive) => new Float64Array(alive ? resamples : 0));
  const scratch = { proposals: new Float64Array(thresholdCount), truePositives: new Float64Array(thresholdCount) };
  resample(images, resamples, random, (counts, draw) => {
    if (curveSets.some((set, index) => live[index] && !countsAFace(set, counts))) return false;
    curveSets.forEach((set, index) => {
      if (live[index]) aps[index][draw] = apOfCurve(sumCurves(set, counts, scratch)) ?? 0;
    });
    return true;
  });
  return aps;
}

/** The central 95 % of a bootstrap distribution: its 2.5 % and 97.5 % quantiles (percentile interval). */
export function percentileInterval(values: ArrayLike<number>): Interval {
  return [quantile(values, 0.025), quantile(values, 0.975)];
}

function countsAFace({ faces }: ImageCurves, counts: Uint32Array): boolean {
  for (let image = 0; image < faces.length; image++) if (counts[image] > 0 && faces[image] > 0) return true;
  return false;
}

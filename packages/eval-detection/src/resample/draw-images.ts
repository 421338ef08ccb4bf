import { ProtocolError, resample, seededRandom } from '@retinabench/core/basics';

/** How intervals are resampled. */
export interface ResamplingOptions {
  /** At least 2; 400 by default. */
  readonly resamples?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/** Resamples of an interval by default. */
export const defaultResamples = 400;

/**
 * Draw the images with replacement, many times; every statistic that is taken within one call sees the same draws.
 *
 * @param use receives how often each image was drawn (Uint32Array [images], reused).
 * @throws {ProtocolError} if there is no image, or fewer than 2 resamples are asked for.
 */
export function drawImages(
  images: number,
  { resamples = defaultResamples, seed = 0 }: ResamplingOptions,
  use: (counts: Uint32Array) => void,
): void {
  if (images < 1 || !Number.isInteger(resamples) || resamples < 2) {
    throw new ProtocolError(
      `bootstrap over images: expected at least one image and a whole number of 2 resamples or more, got ${images} and ${resamples}`,
    );
  }
  resample(images, resamples, seededRandom(seed), (counts) => {
    use(counts);
    return true;
  });
}

/** Draws as a record keeps them: to six digits after the point, which no interval can tell from the rest. */
export function roundDraws(draws: readonly number[]): number[] {
  return draws.map((value) => Math.round(value * 1e6) / 1e6);
}

import { defaultResamples, type ResamplingOptions } from './draw-images.js';

/** How a bootstrap over images drew, as a record states it. */
export function stateResampling({ resamples = defaultResamples, seed = 0 }: ResamplingOptions): {
  readonly unit: 'images';
  readonly resamples: number;
  readonly seed: number;
} {
  return { unit: 'images', resamples, seed };
}

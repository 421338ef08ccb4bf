import type { PoolingOptions } from './options.js';

/**
 * Combine the feature of an image with that of its mirror image, in place: flip, then norm, then detector score, in
 * float32 as the public scripts do it.
 *
 * @param feature Float32Array [dimensions], or [2 dimensions] for `concat`, whose first half is the image's.
 * @param flipped Float32Array [dimensions]: the mirror image's; absent for `none`.
 * @param score   the detector's score of the image; not looked at for `ignore`.
 * @returns whether every value of the result is finite.
 * A feature of length 0 stays 0 under `l2`, as in scikit-learn's normalize.
 */
export function combineImageFeature(
  feature: Float32Array,
  flipped: Float32Array | undefined,
  score: number,
  options: PoolingOptions,
): boolean {
  // The published way, and its like: each sum is rounded to float32 before it is weighed, as in two passes.
  if (options.flip === 'add' && flipped !== undefined && options.templateNorm === 'keep') {
    const weight = options.detectorScore === 'use' ? score : 1;
    let total = 0;
    for (let i = 0; i < feature.length; i++) {
      const value = Math.fround(Math.fround(feature[i] + flipped[i]) * weight);
      feature[i] = value;
      total += value;
    }
    return Number.isFinite(total);
  }
  if (flipped !== undefined) {
    if (options.flip === 'add') for (let i = 0; i < feature.length; i++) feature[i] += flipped[i];
    else feature.set(flipped, feature.length / 2);
  }
  if (options.templateNorm === 'l2') {
    let squares = 0;
    for (let i = 0; i < feature.length; i++) squares += feature[i] * feature[i];
    const length = Math.fround(Math.sqrt(squares));
    if (length > 0) for (let i = 0; i < feature.length; i++) feature[i] /= length;
  }
  if (options.detectorScore === 'use') for (let i = 0; i < feature.length; i++) feature[i] *= score;
  return isFinite32(feature);
}

/** Whether every value is finite: an infinity or NaN makes the sum one. */
export function isFinite32(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum);
}

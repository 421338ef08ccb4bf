import { drawsDifference, type Resampling, tellableLoss } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/** A number in each draw of the images of a record, and how they were drawn. */
export interface ImageDraws {
  readonly draws: readonly number[];
  readonly resampling: Resampling;
  /** Images of the record. */
  readonly images: number;
}

/**
 * How a number of two records of the same images differs, by the draws that both have of them: draw i of both is of the same
 * images, drawn as often.
 *
 * @returns undefined if the records were not drawn alike, or lack draws.
 * Cost: O(draws).
 */
export function pairedDraws(
  was: ImageDraws | undefined,
  is: ImageDraws | undefined,
  before: number,
  value: number,
): (DifferenceInterval & { readonly how: string }) | undefined {
  if (was === undefined || is === undefined) return undefined;
  if (was.resampling.seed !== is.resampling.seed || was.images !== is.images) return undefined;
  // Draws are made one after the other: the first ones of a longer series are those of a shorter one.
  const draws = Math.min(was.draws.length, is.draws.length);
  if (draws < 2) return undefined;
  const { difference, interval, standardError, differing, few, pValue } = drawsDifference({
    baseline: before,
    candidate: value,
    baselineDraws: was.draws.slice(0, draws),
    candidateDraws: is.draws.slice(0, draws),
    units: is.images,
  });
  const caveat =
    differing === 0 ? 'no draw differs' : few ? `about ${differing} images make up the difference` : undefined;
  return {
    difference,
    interval,
    ...(pValue === undefined ? {} : { pValue }),
    sample: { unit: 'images', count: is.images, differing, tells: tellableLoss(standardError) },
    ...(caveat === undefined ? {} : { caveat }),
    how: `paired bootstrap over ${is.images} images, ${draws} draws`,
  };
}

import type { LandmarkImage } from '../record/landmark-result.js';
import type { ResultRecord } from '../record/record.js';
import { type DrawsDifference, drawsDifference } from '../stats/draws-difference.js';
import { errorDraws, keptErrorDraws } from './error-draws.js';

/** A paired difference over images, or why there is none. */
export type LandmarkDifference =
  | (DrawsDifference & { readonly kind: 'paired'; readonly images: number; readonly deciding: number })
  | { readonly kind: 'not paired'; readonly why: string };

/**
 * How a number of two landmark records differs, by the paired bootstrap over images: both are drawn with the same draws.
 *
 * @param name `nme`, `missed`, `failureRate.T`, `auc.T`; or `nmeOfBoth`, the mean error of the faces that both match: that of each is
 * of its own matched faces, so that it changes with what is missed.
 * @param draws resamples of the images, at least 2; 1,000 by default.
 * Cost: O(draws x images) for the first number of a record, O(images + draws) for each further.
 */
export function landmarkDifference(
  baseline: ResultRecord,
  record: ResultRecord,
  name: string,
  draws?: number,
): LandmarkDifference {
  const [was, is] = [baseline.landmarks, record.landmarks];
  if (was === undefined || is === undefined) return { kind: 'not paired', why: 'a record has no landmarks' };
  const same =
    was.images.length === is.images.length &&
    was.images.every(
      (image, at) => image.name === is.images[at].name && image.errors.length === is.images[at].errors.length,
    );
  if (!same) return { kind: 'not paired', why: 'the records are not of the same faces of the same images' };
  const thresholds = Object.keys(was.missesAsFailures.failureRate)
    .filter((threshold) => is.missesAsFailures.failureRate[threshold] !== undefined)
    .map(Number);
  if (name === 'nmeOfBoth') return differenceOfBoth(was.images, is.images, draws);
  const [before, after] = [was, is].map(({ images }) => keptErrorDraws(images, thresholds, draws));
  const [baselineValue, value] = [numberOf(was, name), numberOf(is, name)];
  if (before[name] === undefined || after[name] === undefined || baselineValue === undefined || value === undefined) {
    return { kind: 'not paired', why: `a record has no ${name}` };
  }
  const deciding = was.images.filter(({ errors }) => errors.length > 0).length;
  const difference = drawsDifference({
    baseline: baselineValue,
    candidate: value,
    baselineDraws: before[name],
    candidateDraws: after[name],
    units: deciding,
  });
  return { kind: 'paired', ...difference, images: was.images.length, deciding };
}

function differenceOfBoth(
  was: readonly LandmarkImage[],
  is: readonly LandmarkImage[],
  draws: number | undefined,
): LandmarkDifference {
  const matched = (of: readonly LandmarkImage[], other: readonly LandmarkImage[]): LandmarkImage[] =>
    of.map(({ name, errors }, at) => ({
      name,
      errors: errors.filter((error, face) => error >= 0 && other[at].errors[face] >= 0),
    }));
  const [before, after] = [matched(was, is), matched(is, was)];
  const deciding = before.filter(({ errors }) => errors.length > 0).length;
  if (deciding === 0) return { kind: 'not paired', why: 'no face is matched in both' };
  const mean = (images: readonly LandmarkImage[]): number => {
    const errors = images.flatMap((image) => image.errors);
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const difference = drawsDifference({
    baseline: mean(before),
    candidate: mean(after),
    baselineDraws: errorDraws(before, [], draws).nme,
    candidateDraws: errorDraws(after, [], draws).nme,
    units: deciding,
  });
  return { kind: 'paired', ...difference, images: was.length, deciding };
}

function numberOf(result: NonNullable<ResultRecord['landmarks']>, name: string): number | undefined {
  if (name === 'nme') return result.matchedOnly?.nme;
  const { faces, missed } = result.missesAsFailures;
  if (name === 'missed') return missed / faces;
  const [kind, ...threshold] = name.split('.');
  const values = kind === 'auc' ? result.missesAsFailures.auc : result.missesAsFailures.failureRate;
  return values[threshold.join('.')];
}

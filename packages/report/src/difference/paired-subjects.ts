import { drawsDifference, type ResultRecord, tellableLoss } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/** A paired difference over subjects, or why there is none. */
export type SubjectDifference =
  | (DifferenceInterval & { readonly kind: 'paired'; readonly how: string })
  | { readonly kind: 'not paired'; readonly why: string };

/**
 * How TAR, rank or TPIR of two records differ, by the paired bootstrap over subjects: both records hold the number of each
 * draw of subjects, made with the draw's own thresholds, and were drawn alike.
 *
 * @param key of the number, such as `tar.1e-4`, `rank.1`, `tpir.0.01`.
 * @param before of the baseline.
 * @param value of the record.
 * Cost: O(draws).
 */
export function pairedSubjectDifference(
  baseline: ResultRecord,
  record: ResultRecord,
  key: string,
  before: number,
  value: number,
): SubjectDifference {
  const [was, is] = [baseline.resampled, record.resampled];
  if (was === undefined || is === undefined) {
    const which =
      was === undefined ? (is === undefined ? 'neither record holds' : 'the baseline lacks') : 'the record lacks';
    return notPaired(`${which} resamples of the subjects; evaluate without --no-interval`);
  }
  if (was.sha256 !== is.sha256) return notPaired('the records are not of the same pairs or searches');
  if (was.seed !== is.seed)
    return notPaired(`the subjects were drawn with seeds ${was.seed} and ${is.seed}; use one --seed`);
  const [baselineDraws, candidateDraws] = [was.draws[key], is.draws[key]];
  if (baselineDraws === undefined || candidateDraws === undefined) return notPaired(`no draws of ${key}`);
  // Draws are made one after the other: the first ones of a longer series are those of a shorter one.
  const draws = Math.min(baselineDraws.length, candidateDraws.length);
  const { difference, interval, standardError, differing, few, pValue } = drawsDifference({
    baseline: before,
    candidate: value,
    baselineDraws: baselineDraws.slice(0, draws),
    candidateDraws: candidateDraws.slice(0, draws),
    units: was.deciding,
  });
  const caveat =
    differing === 0
      ? `no draw differs: a change on up to ${Math.min(3, was.deciding)} of ${was.deciding} subjects cannot be excluded`
      : few
        ? `about ${differing} of ${was.deciding} subjects make up the difference`
        : undefined;
  return {
    kind: 'paired',
    difference,
    interval,
    ...(pValue === undefined ? {} : { pValue }),
    sample: { unit: 'subjects', count: was.deciding, differing, tells: tellableLoss(standardError) },
    ...(caveat === undefined ? {} : { caveat }),
    how: `paired bootstrap over ${was.units} subjects, ${draws} draws`,
  };
}

function notPaired(why: string): SubjectDifference {
  return { kind: 'not paired', why };
}

import { type Finding, formatCount } from '@retinabench/results';

/** What can be wrong with the input of a verification or identification; docs/ijbc-protocol.md has the table. */
export type DiagnosisCode =
  | 'scores-inverted'
  | 'scores-equal'
  | 'scores-nearly-equal'
  | 'scores-at-chance'
  | 'scores-tied'
  | 'features-constant'
  | 'features-repeated'
  | 'features-halves-unclear'
  | 'features-mirrored-equal'
  | 'rows-unused'
  | 'rows-misordered'
  | 'detector-scores-negative'
  | 'templates-zero'
  | 'pairs-contradict'
  | 'pairs-contradict-subjects'
  | 'pairs-repeated'
  | 'pairs-of-one-template'
  | 'pairs-of-one-image'
  | 'labels-exchanged'
  | 'images-repeated'
  | 'far-unresolved'
  | 'fpir-unresolved'
  | 'genuine-pairs-few'
  | 'subjects-few'
  | 'header-missing'
  | 'template-of-two-subjects'
  | 'probe-in-gallery'
  | 'gallery-repeats-subject'
  | 'galleries-share-subjects'
  | 'ranks-at-chance'
  | 'ranks-tied'
  | 'group-rows-unknown';

/** One thing that is wrong with the input, or that the number cannot say. */
export type Diagnosis = Finding<DiagnosisCode>;

/**
 * All ids of a list, runs of three or more as ranges: `1, 5, 7-12`.
 *
 * @param ids ascending, without repetition.
 */
export function formatIds(ids: readonly number[]): string {
  const parts: string[] = [];
  for (let from = 0; from < ids.length; ) {
    let to = from;
    while (to + 1 < ids.length && ids[to + 1] === ids[to] + 1) to++;
    if (to - from >= 2) parts.push(`${ids[from]}-${ids[to]}`);
    else for (let i = from; i <= to; i++) parts.push(String(ids[i]));
    from = to + 1;
  }
  return parts.join(', ');
}

/** The first `most` of the items and how many more there are: `a, b, c and 7 more`. */
export function formatFirst(items: readonly string[], most: number): string {
  const more = items.length - most;
  const first = items.slice(0, most).join(', ');
  return more > 0 ? `${first} and ${formatCount(more)} more` : first;
}

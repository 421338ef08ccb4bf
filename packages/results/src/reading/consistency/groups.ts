import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

/** Error rates of groups that are not their counts over their pairs, and groups of more pairs than there are. */
export function findGroupContradictions({ groups = {}, metrics = {} }: ResultRecord): Contradiction[] {
  return Object.entries(groups).flatMap(([column, byGroup]) => {
    const rates = Object.values(byGroup);
    const path = `groups.${column}`;
    return [
      ...(['genuine', 'impostor'] as const).flatMap((kind) => {
        const all = metrics[`pairs.${kind}`];
        const own = rates.reduce((sum, group) => sum + (kind === 'genuine' ? group.genuine : group.impostors), 0);
        return all === undefined ? [] : requireThat(own <= all, path, `at most ${all} ${kind} pairs`, own);
      }),
      ...Object.entries(byGroup).flatMap(([group, { genuine, impostors, at }]) =>
        Object.entries(at).flatMap(([target, errors]) => [
          ...checkRate(`${path}.${group}.at.${target}.fnmr`, errors.misses, genuine, errors.fnmr),
          ...checkRate(`${path}.${group}.at.${target}.fmr`, errors.falseMatches, impostors, errors.fmr),
          ...checkInterval(`${path}.${group}.at.${target}.fnmrInterval`, errors.fnmrInterval, errors.fnmr),
          ...checkInterval(`${path}.${group}.at.${target}.fmrInterval`, errors.fmrInterval, errors.fmr),
        ]),
      ),
    ];
  });
}

function checkRate(path: string, errors: number | undefined, pairs: number, rate: number | undefined): Contradiction[] {
  if (errors === undefined || rate === undefined) {
    return requireThat(errors === rate, path, 'a rate with its count, or neither', String(rate ?? errors));
  }
  return requireEqual(path, errors / pairs, rate, 'its count over its pairs');
}

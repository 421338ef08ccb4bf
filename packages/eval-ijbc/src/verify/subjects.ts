import type { PairIndices } from '../template/resolve-pairs.js';

/** Which subject each template shows, as far as the pairs tell. */
export interface Subjects {
  readonly count: number;
  /** Int32Array [templates]: subject index. */
  readonly ofTemplate: Int32Array;
}

/**
 * Find the subjects behind the templates: templates joined by genuine pairs, directly or over others, show one subject;
 * a template without a genuine pair shows a subject of its own. In IJB-B and IJB-C every probe has a genuine pair with
 * the gallery template of its subject, so that these are the real subjects.
 *
 * @param labels Uint8Array [pairs]: 1 for a genuine pair.
 * Cost: O(pairs), union-find with path halving.
 */
export function subjectsOfPairs(templateCount: number, { left, right }: PairIndices, labels: Uint8Array): Subjects {
  const parent = Int32Array.from({ length: templateCount }, (_, i) => i);
  const find = (template: number): number => {
    let at = template;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (let pair = 0; pair < labels.length; pair++) {
    if (labels[pair] === 1) parent[find(left[pair])] = find(right[pair]);
  }
  const ofTemplate = new Int32Array(templateCount);
  const numberOf = new Map<number, number>();
  for (let template = 0; template < templateCount; template++) {
    const root = find(template);
    if (!numberOf.has(root)) numberOf.set(root, numberOf.size);
    ofTemplate[template] = numberOf.get(root)!;
  }
  return { count: numberOf.size, ofTemplate };
}

/** How many subjects have a genuine pair: those that TAR is of. */
export function countGenuineSubjects(
  { left }: Pick<PairIndices, 'left'>,
  labels: Uint8Array,
  { count, ofTemplate }: Subjects,
): number {
  const has = new Uint8Array(count);
  for (let pair = 0; pair < labels.length; pair++) if (labels[pair] === 1) has[ofTemplate[left[pair]]] = 1;
  return has.reduce((sum, value) => sum + value, 0);
}

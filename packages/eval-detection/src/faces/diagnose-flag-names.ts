import type { Annotations, AttributeColumn } from '@retinabench/annotations';
import { type Finding, formatCount } from '@retinabench/results';

/** Names of flags without signs and capitals, and what is read as the flag. */
const flagOf: ReadonlyMap<string, string> = new Map([
  ...['crowd', 'iscrowd', 'group', 'isgroup', 'groupof', 'isgroupof'].map((name) => [name, 'iscrowd'] as const),
  ...['ignore', 'ignored', 'isignore', 'isignored', 'ignoreflag', 'dontcare'].map((name) => [name, 'ignore'] as const),
  ...['difficult', 'isdifficult', 'isdifficulty'].map((name) => [name, 'difficult'] as const),
]);

/** Values by which a flag is set. */
const setWords = new Set(['1', 'true', 'yes', 'y', 't']);

/**
 * Find attributes that are called like a flag of faces and set on faces that count: exporters write `attributes: {ignore: 1}` or
 * `is_crowd`, which are not the members that say that a face shall not count.
 *
 * Cost: O(faces x such attributes).
 */
export function diagnoseFlagNames({ attributes, crowd, ignored, difficult }: Annotations): Finding<'flags-not-read'>[] {
  return [...attributes].flatMap(([name, column]) => {
    const flag = flagOf.get(name.toLowerCase().replace(/[^a-z]/g, ''));
    if (flag === undefined) return [];
    let set = 0;
    for (let face = 0; face < crowd.length; face++) {
      const isFlagged = crowd[face] === 1 || ignored[face] === 1 || difficult[face] === 1;
      if (!isFlagged && isSet(column, face)) set++;
    }
    if (set === 0) return [];
    return [
      {
        code: 'flags-not-read',
        level: 'warning',
        evidence: `${formatCount(set)} annotated faces have the attribute ${JSON.stringify(name.slice(0, 60))}, which is called like a flag, is set and is not read as one: they count`,
        effect: 'a detector misses faces that were perhaps to be ignored, which lowers AP',
        fix: `write it as ${flag}, 1 or 0, beside the box (in COCO's JSON a member of the annotation, not of its attributes; in CSV a column); rename the attribute if it is no flag`,
      },
    ];
  });
}

function isSet(column: AttributeColumn, face: number): boolean {
  const value = column.values[face];
  return value === 1 || (typeof value === 'string' && setWords.has(value.trim().toLowerCase()));
}

import { DatasetError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import type { GroupTable } from '../groups/read-groups.js';
import type { ImageList } from '../meta/images.js';
import type { TemplateIndex } from '../template/index-templates.js';
import { type Diagnosis, formatFirst } from './diagnosis.js';

/** Keys that a message names. */
const namedAtMost = 5;

/**
 * Whether the rows of a table of groups are of templates, or images, that are evaluated; a mistyped id or a table of another set is not.
 *
 * @param place of the table.
 * @throws {DatasetError} if no row is.
 * Cost: O(rows + images).
 */
export function diagnoseGroupRows(
  { key, rows }: GroupTable,
  images: ImageList,
  index: TemplateIndex,
  place: string,
): Diagnosis[] {
  const known = new Set(key === 'template' ? Array.from(index.ids, String) : images.names);
  const unknown = [...rows.keys()].filter((row) => !known.has(row));
  if (unknown.length === 0) return [];
  const evidence = `${formatCount(unknown.length)} of ${formatCount(rows.size)} rows name no ${key} that is evaluated: ${formatFirst(unknown, namedAtMost)}`;
  const fix = key === 'template' ? 'take the ids of the image list' : 'take the names of the image list';
  if (unknown.length === rows.size) {
    throw new DatasetError(`${place}: expected rows of the ${key}s that are evaluated, got ${evidence}; ${fix}`);
  }
  return [
    {
      code: 'group-rows-unknown',
      level: 'warning',
      evidence: `${place}: ${evidence}`,
      effect: `none of these rows is in a number; a ${key} that was meant by one is in no group`,
      fix,
    },
  ];
}

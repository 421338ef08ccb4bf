import { DatasetError } from '@retinabench/core';
import type { ImageList } from '../meta/images.js';
import type { TemplateIndex } from '../template/index-templates.js';
import type { GroupTable } from './read-groups.js';

/** The group of each template by one column. */
export interface TemplateGroups {
  readonly column: string;
  /** Sorted. */
  readonly names: readonly string[];
  /** Int32Array [templates]: index of the group; -1 where the table has no value, or the images of the template have several. */
  readonly ofTemplate: Int32Array;
  /** Templates whose images have several values: they are in no group. */
  readonly mixed: number;
}

/** Most groups of a column that is taken without being asked for. */
const fewGroups = 20;

/**
 * The groups of the templates by columns of a table.
 *
 * @param asked columns; absent: all that have two to 20 values, but for ids.
 * @throws {DatasetError} if an asked column is not there, or no template is in a group.
 */
export function groupsOfTemplates(
  table: GroupTable,
  images: ImageList,
  index: TemplateIndex,
  asked: readonly string[] | undefined,
  place: string,
): TemplateGroups[] {
  const unknown = asked?.find((name) => !table.columns.includes(name));
  if (unknown !== undefined) {
    throw new DatasetError(`${place}: expected a column ${unknown}, got ${table.columns.join(', ')}`);
  }
  const found = table.columns
    .filter((name) => asked === undefined || asked.includes(name))
    .map((name) => groupsBy(name, valuesOfTemplates(table, table.columns.indexOf(name), images, index)))
    .filter(({ names }) => asked !== undefined || (names.length > 1 && names.length <= fewGroups));
  if (found.length === 0 || found.every(({ names }) => names.length === 0)) {
    throw new DatasetError(
      `${place}: expected rows of the templates or images of the lists, with two to ${fewGroups} values in a column, got none; are ids and names those of the image list?`,
    );
  }
  return found;
}

/** The values of the images of each template. */
function valuesOfTemplates(table: GroupTable, column: number, images: ImageList, index: TemplateIndex): Set<string>[] {
  const values = Array.from(index.ids, () => new Set<string>());
  const take = (template: number, row: string): void => {
    const value = table.rows.get(row)?.[column] ?? '';
    if (value !== '') values[template].add(value);
  };
  if (table.key === 'template') for (const [template, id] of index.ids.entries()) take(template, String(id));
  else for (const [image, name] of images.names.entries()) take(index.ofImage[image], name);
  return values;
}

function groupsBy(column: string, values: readonly ReadonlySet<string>[]): TemplateGroups {
  const names = [...new Set(values.flatMap((own) => (own.size === 1 ? [...own] : [])))].sort();
  const places = new Map(names.map((name, at) => [name, at]));
  return {
    column,
    names,
    ofTemplate: Int32Array.from(values, (own) => (own.size === 1 ? (places.get([...own][0]) ?? -1) : -1)),
    mixed: values.filter((own) => own.size > 1).length,
  };
}

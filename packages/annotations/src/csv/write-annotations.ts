import { csvRow } from '@retinabench/core';
import type { Annotations, AttributeColumn, LandmarkColumn } from '../set/annotations.js';
import { attributeAt, contentsOf, inParts, lossesOf } from '../writing/contents.js';
import type { Loss, WrittenSet } from '../writing/written-files.js';
import { isAttributeName } from './columns.js';
import { isNumberText } from './open-table.js';

/** Annotations as CSV: `image,width,height,x,y,w,h`, and columns of what else there is. */
export function writeCsvAnnotations(annotations: Annotations): WrittenSet {
  const attributes = [...annotations.attributes].filter(([name]) => canHold(name, annotations));
  const losses: Loss[] = [
    ...lossesOf(annotations, {
      landmarks: true,
      crowd: true,
      ignored: true,
      difficult: true,
      areas: true,
      sizes: true,
      attribute: (name) => canHold(name, annotations),
    }),
    ...attributes.flatMap(([name, column]) => numericWords(name, column)),
  ];
  return { kind: 'file', files: [{ name: '', parts: inParts(rowsOf(annotations, attributes)) }], losses };
}

/** Whether a column of the name reads as an attribute, beside the other columns. */
function canHold(name: string, { attributes, landmarks }: Annotations): boolean {
  return isAttributeName(name, [...attributes.keys(), ...(landmarks === undefined ? [] : landmarkHeader(landmarks))]);
}

/** Words that are read as numbers again, since all of their column look like numbers. */
function numericWords(name: string, column: AttributeColumn): Loss[] {
  if (column.kind !== 'word' || !column.values.every((value) => value === undefined || isNumberText(value))) return [];
  const count = column.values.filter((value) => value !== undefined).length;
  return count === 0 ? [] : [{ what: `words of the attribute ${JSON.stringify(name)} that read as numbers`, count }];
}

function* rowsOf(
  annotations: Annotations,
  attributes: readonly (readonly [string, AttributeColumn])[],
): Generator<string> {
  const { images, sizesPx, start, boxesXywh: boxes, areasPx, crowd, ignored, difficult, landmarks } = annotations;
  const contents = contentsOf(annotations);
  const hasSizes = contents.sizes > 0;
  const flags = [
    { name: 'iscrowd', values: crowd, count: contents.crowd },
    { name: 'ignore', values: ignored, count: contents.ignored },
    { name: 'difficult', values: difficult, count: contents.difficult },
  ].filter(({ count }) => count > 0);
  const hasAreas = contents.areas > 0 && areasPx !== undefined;
  const header = [
    'image',
    ...(hasSizes ? ['width', 'height'] : []),
    ...['x', 'y', 'w', 'h'],
    ...(hasAreas ? ['area'] : []),
    ...flags.map(({ name }) => name),
    ...(landmarks === undefined ? [] : landmarkHeader(landmarks)),
    ...attributes.map(([name]) => name),
  ];
  yield csvRow(header);
  for (let image = 0; image < images.length; image++) {
    const size = sizesPx[2 * image] > 0 ? [sizesPx[2 * image], sizesPx[2 * image + 1]] : [undefined, undefined];
    const before = [images[image], ...(hasSizes ? size : [])];
    if (start[image] === start[image + 1]) {
      yield csvRow([...before, ...Array<undefined>(header.length - before.length).fill(undefined)]);
    }
    for (let face = start[image]; face < start[image + 1]; face++) {
      yield csvRow([
        ...before,
        ...boxes.subarray(4 * face, 4 * face + 4),
        ...(hasAreas ? [areasPx[face]] : []),
        ...flags.map(({ values }) => values[face]),
        ...(landmarks === undefined ? [] : landmarkFields(landmarks, face)),
        ...attributes.map(([, column]) => attributeAt(column, face)),
      ]);
    }
  }
}

/** Columns of points: `<name>_x`, `<name>_y` and, where it is known, `<name>_visibility`. */
export function landmarkHeader({ names, visibility }: LandmarkColumn): string[] {
  return names.flatMap((name) => [
    `${name}_x`,
    `${name}_y`,
    ...(visibility === undefined ? [] : [`${name}_visibility`]),
  ]);
}

/** Fields of the points of a face or detection. */
export function landmarkFields({ names, points, visibility }: LandmarkColumn, face: number): (number | undefined)[] {
  return names.flatMap((_, point) => {
    const at = names.length * face + point;
    if (Number.isNaN(points[2 * at]))
      return visibility === undefined ? [undefined, undefined] : [undefined, undefined, undefined];
    return [points[2 * at], points[2 * at + 1], ...(visibility === undefined ? [] : [visibility[at]])];
  });
}

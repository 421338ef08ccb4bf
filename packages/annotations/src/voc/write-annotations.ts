import { isNumberText } from '../csv/open-table.js';
import type { Annotations, AttributeColumn } from '../set/annotations.js';
import { addDecimals } from '../set/exact-decimal.js';
import { withoutExtension } from '../set/image-name.js';
import { attributeAt, lossesOf } from '../writing/contents.js';
import { requireDistinctStems } from '../writing/file-names.js';
import type { Loss, WrittenFile, WrittenSet } from '../writing/written-files.js';

/** Elements that other tools know by these names; all other attributes go into a list. */
const plainElements = new Set(['pose', 'truncated', 'occluded']);

/**
 * Annotations as Pascal VOC: `Annotations/<image>.xml`, corners counted from 1 with the last pixel in the box, which each file
 * states, since boxes may have fractions or lie outside the image.
 *
 * @throws {DatasetError} if two images differ in their extension alone.
 */
export function writeVocAnnotations(annotations: Annotations): WrittenSet {
  requireDistinctStems(annotations.images, 'Pascal VOC');
  const losses: Loss[] = [
    ...lossesOf(annotations, { difficult: true, sizes: true, attribute: () => true }),
    ...[...annotations.attributes].flatMap(([name, column]) => changedWords(name, column)),
  ];
  return { kind: 'folder', files: filesOf(annotations), losses };
}

/** Words that XML does not give back: with white space at their ends, control characters, or read as numbers. */
function changedWords(name: string, column: AttributeColumn): Loss[] {
  if (column.kind !== 'word') return [];
  const there = column.values.filter((value) => value !== undefined);
  const numeric = there.length > 0 && there.every((value) => isNumberText(value.trim()));
  const count = numeric
    ? there.length
    : there.filter((value) => xmlText(value).trim() !== value || isNumberText(value)).length;
  return count === 0
    ? []
    : [{ what: `words of the attribute ${JSON.stringify(name.slice(0, 60))} as they are`, count }];
}

function* filesOf(annotations: Annotations): Generator<WrittenFile> {
  const { images, start, sizesPx } = annotations;
  for (let image = 0; image < images.length; image++) {
    const name = images[image];
    const base = name.slice(name.lastIndexOf('/') + 1);
    const objects = Array.from({ length: start[image + 1] - start[image] }, (_, at) =>
      objectOf(annotations, start[image] + at),
    );
    const text = [
      '<annotation>',
      `<filename>${escapeXml(base)}</filename>`,
      '<source><annotation>corners one-based</annotation></source>',
      `<size><width>${sizesPx[2 * image]}</width><height>${sizesPx[2 * image + 1]}</height><depth>3</depth></size>`,
      ...objects,
      '</annotation>\n',
    ].join('\n');
    yield { name: `Annotations/${withoutExtension(name)}.xml`, parts: [text] };
  }
}

function objectOf({ boxesXywh, difficult, attributes }: Annotations, face: number): string {
  const [x, y, w, h] = boxesXywh.subarray(4 * face, 4 * face + 4);
  const plain: string[] = [];
  const listed: string[] = [];
  for (const [name, column] of attributes) {
    const value = attributeAt(column, face);
    if (value === undefined) continue;
    const text = escapeXml(String(value));
    if (plainElements.has(name)) plain.push(`<${name}>${text}</${name}>`);
    else listed.push(`<attribute><name>${escapeXml(name)}</name><value>${text}</value></attribute>`);
  }
  const corners = {
    xmin: addDecimals(x, 1),
    ymin: addDecimals(y, 1),
    xmax: addDecimals(x, w),
    ymax: addDecimals(y, h),
  };
  const box = Object.entries(corners).map(([name, value]) => `<${name}>${value}</${name}>`);
  return [
    '<object><name>face</name>',
    ...plain,
    `<difficult>${difficult[face]}</difficult>`,
    `<bndbox>${box.join('')}</bndbox>`,
    ...(listed.length === 0 ? [] : [`<attributes>${listed.join('')}</attributes>`]),
    '</object>',
  ].join('');
}

/** Text without what XML 1.0 cannot hold: control characters, and halves of characters beyond 16 bits. */
function xmlText(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '');
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return xmlText(text).replace(/[&<>]/g, (sign) => names[sign]);
}

import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import type { ReadingSettings } from '../../src/reading/reading.js';
import { temporaryFiles } from '../temporary-files.js';

function face(corners: readonly (number | string)[], inner = '', name = 'face'): string {
  const [xmin, ymin, xmax, ymax] = corners;
  return `<object><name>${name}</name>${inner}<bndbox><ymin>${ymin}</ymin><xmin> ${xmin} </xmin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
}

function file(objects: string, filename = '1.jpg'): string {
  return `<?xml version="1.0"?>\n<annotation>\n<filename>${filename}</filename><size><width>640</width><height>480</height></size>\n${objects}\n</annotation>`;
}

function load(files: Record<string, string>, settings: ReadingSettings = {}) {
  return loadAnnotations(temporaryFiles(files), { format: 'voc', ...settings });
}

test('corners count from 1 and the last pixel belongs to the box', () => {
  const { annotations } = load({ '1.xml': file(face([1, 2, 10, 20])) });
  // x = 1 - 1, y = 2 - 1, w = 10 - 1 + 1, h = 20 - 2 + 1.
  expect([...annotations.boxesXywh]).toEqual([0, 1, 10, 19]);
  expect([...annotations.sizesPx]).toEqual([640, 480]);
  expect(annotations.images).toEqual(['1.jpg']);
});

test.each([
  ['zero-based', [0, 2, 9, 20], [0, 2, 10, 19]],
  ['continuous', [0.5, 2, 9.25, 20], [0.5, 2, 8.75, 18]],
  ['one-based', [0.1, 1.1, 10.3, 20], [-0.9, 0.1, 11.2, 19.9]],
] as const)('corners counted %s have to be said', (corners, written, box) => {
  const files = { '1.xml': file(face(written)) };
  expect(() => load(files)).toThrow(/1\.xml:\d+: .*--gt-corners/);
  expect([...load(files, { corners }).annotations.boxesXywh]).toEqual(box);
});

test('difficult, attributes and sub-folders are read, hidden files are not', () => {
  const inner =
    '<pose>Left</pose><truncated>1</truncated><difficult>1</difficult><attributes><attribute><name>age</name><value>7</value></attribute></attributes><part><name>nose</name></part>';
  const { annotations, location } = load({
    'Annotations/a/1.xml': file(face([1, 1, 2, 2], inner)),
    'Annotations/._1.xml': 'not XML',
    'Annotations/.ipynb_checkpoints/1.xml': 'not XML',
    '__MACOSX/Annotations/1.xml': 'not XML',
    'ImageSets/Main/val.txt': 'a/1\n',
  });
  expect(location).not.toContain('Annotations');
  expect(annotations.images).toEqual(['a/1.jpg']);
  expect([...annotations.difficult]).toEqual([1]);
  expect(annotations.attributes).toEqual(
    new Map([
      ['pose', { kind: 'word', values: ['Left'] }],
      ['truncated', { kind: 'number', values: Float64Array.of(1) }],
      ['age', { kind: 'number', values: Float64Array.of(7) }],
    ]),
  );
});

test('a split is the list of that name', () => {
  const files = {
    'Annotations/1.xml': file(face([1, 1, 2, 2])),
    'Annotations/2.xml': file(face([1, 1, 3, 3]), '2.jpg'),
    'ImageSets/Main/val.txt': '2  1\n',
    'ImageSets/Main/train.txt': '1\n3\n',
  };
  expect(load(files).annotations.images).toEqual(['1.jpg', '2.jpg']);
  expect(load(files, { split: 'val' }).annotations.images).toEqual(['2.jpg']);
  expect(() => load(files, { split: 'train' })).toThrow(/train\.txt:2: .*got "3"/);
  expect(() => load(files, { split: 'test' })).toThrow(/Main\/test\.txt, got none; .*--gt-split/);
});

test('where the file and the name in it disagree, the user says which holds', () => {
  const files = { '1.xml': file(face([1, 1, 2, 2]), 'other.jpg') };
  expect(() => load(files)).toThrow(/--gt-names file or --gt-names content/);
  expect(load(files, { names: 'file' }).annotations.images).toEqual(['1']);
  expect(load(files, { names: 'content' }).annotations.images).toEqual(['other.jpg']);
});

test.each([
  ['no end', '<annotation><object>', /1\.xml:1: expected XML/],
  ['an entity', `<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>`, /1\.xml:1: .*DOCTYPE/],
  ['an external entity', `<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>`, /1\.xml:1: .*DOCTYPE/],
  ['an unknown entity', '<annotation>&b;</annotation>', /1\.xml:1: expected XML/],
  ['nesting', '<a>'.repeat(1000), /at most 32 elements/],
  ['another root', '<html></html>', /expected the element annotation/],
  ['no box', file('<object><name>face</name></object>'), /1\.xml:4: expected an object with a bndbox/],
  ['no name', file('<object><bndbox/></object>'), /1\.xml:4: expected an object with a name/],
  ['no corner', file('<object><name>face</name><bndbox><xmin>1</xmin></bndbox></object>'), /with ymin, got none/],
  ['a word', file(face(['x', 1, 2, 2])), /1\.xml:4: expected a finite number as xmin, got "x"/],
  ['a huge number', file(face([1, 1, '1e99', 2])), /at most 10000000/],
  ['NaN', file(face(['NaN', 1, 2, 2])), /got "NaN"/],
  ['corners in the other order', file(face([10, 1, 2, 2])), /width -7/],
  ['two boxes', file('<object><name>face</name><bndbox/><bndbox/></object>'), /one bndbox in object, got 2/],
  ['difficult 2', file(face([1, 1, 2, 2], '<difficult>2</difficult>')), /0 or 1 as difficult/],
  ['several classes', file(face([1, 1, 2, 2], '', 'cat') + face([1, 1, 2, 2], '', 'dog')), /--gt-category/],
])('%s is refused', (_, text, message) => {
  expect(() => load({ '1.xml': text })).toThrow(DatasetError);
  expect(() => load({ '1.xml': text })).toThrow(message);
});

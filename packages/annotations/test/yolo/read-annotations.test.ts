import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import type { ReadingSettings } from '../../src/reading/reading.js';
import { temporaryFiles } from '../temporary-files.js';

const sizes = 'image,width,height\nb.jpg,200,100\na.jpg,100,50\n';

function load(files: Record<string, string | Uint8Array>, settings: ReadingSettings = {}) {
  return loadAnnotations(temporaryFiles(files), { format: 'yolo', ...settings });
}

/** A PNG of 200 x 100 pixels as far as its header goes. */
function pngHeader(): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, 200);
  new DataView(bytes.buffer).setUint32(20, 100);
  return bytes;
}

test('labels become pixels by the sizes of a file, and images without labels have no faces', () => {
  const { annotations, notes } = load({
    'labels/b.txt': '0 0.5 0.5 0.25 0.5\n\n',
    'labels/classes.txt': 'face',
    'sizes.csv': sizes,
  });
  expect(annotations.images).toEqual(['b.jpg', 'a.jpg']);
  expect([...annotations.start]).toEqual([0, 1, 1]);
  expect([...annotations.sizesPx]).toEqual([200, 100, 0, 0]);
  // w = 0.25 * 200, h = 0.5 * 100, x = 0.5 * 200 - 25, y = 0.5 * 100 - 25.
  expect([...annotations.boxesXywh]).toEqual([75, 25, 50, 50]);
  expect(notes).toEqual(['1 images have no label file: no faces']);
});

test('labels become pixels by the images, whose names have their extension', () => {
  const { annotations } = load({
    'data.yaml': 'train: ../train/images\nnc: 1\nnames:\n  0: face\n',
    'train/labels/b.txt': '0 0.5 0.5 0.25 0.5',
    'train/images/b.png': pngHeader(),
    'train/images/._b.png': 'x',
  });
  expect(annotations.images).toEqual(['b.png']);
  expect([...annotations.boxesXywh]).toEqual([75, 25, 50, 50]);
});

test('points are read as data.yaml or the setting says', () => {
  const label = '0 0.5 0.5 0.25 0.5 0.1 0.2 2 0.3 0.4 1 0 0 0';
  const yaml = 'val: images\nkpt_shape: [3, 3]\nnames: [face]\n';
  const expected = [20, 20, 60, 40, Number.NaN, Number.NaN];
  const byYaml = load({ 'data.yaml': yaml, 'labels/b.txt': label, 'sizes.csv': sizes }).annotations;
  expect([...(byYaml.landmarks?.points ?? [])]).toEqual(expected);
  expect([...(byYaml.landmarks?.visibility ?? [])]).toEqual([2, 1, 0]);
  const bySetting = load(
    { 'labels/b.txt': '0 0.5 0.5 0.25 0.5 0.1 0.2 0.3 0.4 -1 -1', 'sizes.csv': sizes },
    { keypoints: '3x2' },
  ).annotations;
  expect([...(bySetting.landmarks?.points ?? [])]).toEqual(expected);
  expect(() => load({ 'labels/b.txt': label, 'sizes.csv': sizes })).toThrow(/b\.txt:1: .*--gt-keypoints 5x3/);
});

test('one of several splits has to be chosen', () => {
  const files = {
    'data.yaml': 'train: images/train\nval: images/val\nnames: [face]\n',
    'labels/train/a.txt': '0 0.5 0.5 0.1 0.1',
    'labels/val/b.txt': '0 0.5 0.5 0.25 0.5',
    'sizes.csv': sizes,
  };
  expect(() => load(files)).toThrow(/got train, val; .*--gt-split/);
  expect(load(files, { split: 'val' }).annotations.boxesXywh[2]).toBe(50);
  const { 'data.yaml': _, ...bare } = files;
  expect(() => load(bare)).toThrow(/got train, val; .*--gt-split/);
  expect(load(bare, { split: 'train' }).annotations.boxesXywh[2]).toBe(10);
});

test('of several classes the one called face is read, another by name or number', () => {
  const files = {
    'labels/b.txt': '0 0.5 0.5 0.1 0.1\n1 0.5 0.5 0.25 0.5',
    'classes.txt': 'hand\nface\n',
    'sizes.csv': sizes,
  };
  expect([...load(files).annotations.boxesXywh]).toEqual([75, 25, 50, 50]);
  for (const category of ['hand', '0']) expect(load(files, { category }).annotations.boxesXywh[2]).toBe(20);
  expect(() => load({ ...files, 'classes.txt': 'hand\nhead\n' })).toThrow(
    /got hand \(0\), head \(1\); .*--gt-category/,
  );
});

test.each([
  ['four fields', '0 0.5 0.5 0.1', /b\.txt:1: expected "class cx cy w h"/],
  ['a score', '0 0.5 0.5 0.1 0.1 0.9', /b\.txt:1: .*these are predictions/],
  ['pixels', '0 120 60 10 10', /b\.txt:1: .*pixels/],
  ['a word', '\n0 0.5 0.5 x 0.1', /b\.txt:2: /],
  ['NaN', '0 0.5 0.5 nan 0.1', /b\.txt:1: /],
  ['half a class', '0.5 0.5 0.5 0.1 0.1', /b\.txt:1: expected the number of a class, got 0.5/],
  ['a negative size', '0 0.5 0.5 -0.1 0.1', /width -20.*--gt-negative-sizes keep/],
])('%s is refused by its line', (_, label, message) => {
  expect(() => load({ 'labels/b.txt': label, 'sizes.csv': sizes })).toThrow(DatasetError);
  expect(() => load({ 'labels/b.txt': label, 'sizes.csv': sizes })).toThrow(message);
});

test.each([
  [
    'no size',
    { 'labels/c.txt': '0 0.5 0.5 0.1 0.1' },
    /c\.txt:1: expected the size .*--gt-images DIR, or --gt-sizes FILE/,
  ],
  [
    'no class of the number',
    { 'labels/b.txt': '3 0.5 0.5 0.1 0.1', 'classes.txt': 'face', 'sizes.csv': sizes },
    /got 3/,
  ],
  [
    'a path out of the folder',
    { 'data.yaml': 'val: /etc\nnames: [face]\n' },
    /data\.yaml: expected folders below .*got "\/etc"/,
  ],
  [
    'aliases without end',
    {
      'data.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${Array(9).fill('*a')}]\nc: &c [${Array(9).fill('*b')}]\nd: [${Array(9).fill('*c')}]\nnames: [face]\nval: x\n`,
    },
    /data\.yaml.*expected YAML/,
  ],
  [
    'a list of images',
    { 'data.yaml': 'val: val.txt\nnames: [face]\n', 'val.txt': 'images/a.jpg\n' },
    /data\.yaml: expected a folder of images, got "val.txt"/,
  ],
  ['a name twice', { 'data.yaml': 'val: images\nval: other\nnames: [face]\n' }, /data\.yaml:2: expected YAML/],
  [
    'a wrong count of classes',
    { 'data.yaml': 'val: images\nnc: 2\nnames: [face]\n' },
    /nc: expected 1, the number of names, got 2/,
  ],
])('%s is refused', (_, files, message) => {
  expect(() => load(files as unknown as Record<string, string>)).toThrow(message);
});

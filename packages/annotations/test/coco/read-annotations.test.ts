import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { type CocoAnnotations, readCoco } from '../../src/coco/read-annotations.js';
import type { ReadingSettings } from '../../src/reading/reading.js';
import { bytesSource } from '../../src/source/open-source.js';
import { readingContext } from '../reading-context.js';

const images = [
  { id: 10, file_name: './a/1.jpg', width: 640, height: 480 },
  { id: 20, file_name: 'a/2.jpg' },
];
const face = { id: 1, image_id: 10, category_id: 1, bbox: [1, 2, 30, 40] };
const categories = [{ id: 1, name: 'face' }];

function read(document: object, settings: ReadingSettings = {}, context = readingContext(settings)): CocoAnnotations {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return readCoco(() => bytesSource(bytes, 'gt.json'), 'gt.json', context);
}

test('images, boxes, flags, areas, keypoints and attributes are read', () => {
  const { annotations } = read({
    annotations: [
      { ...face, id: 2, image_id: 20, iscrowd: 1, area: 600, blur: 2, attributes: { mask: true, who: 'x' } },
      { ...face, ignore: 1, keypoints: [5, 6, 2, 7, 8, 1, 0, 0, 0] },
    ],
    images,
    categories: [{ id: 1, name: 'face', keypoints: ['left-eye', 'right-eye', 'nose'] }],
  });
  expect(annotations.images).toEqual(['a/1.jpg', 'a/2.jpg']);
  expect(annotations.ids).toEqual([10, 20]);
  expect([...annotations.sizesPx]).toEqual([640, 480, 0, 0]);
  expect([...annotations.start]).toEqual([0, 1, 2]);
  expect([...annotations.boxesXywh]).toEqual([1, 2, 30, 40, 1, 2, 30, 40]);
  // The first face has no area of its own: 30 x 40.
  expect([...(annotations.areasPx ?? [])]).toEqual([1200, 600]);
  expect([...annotations.crowd]).toEqual([0, 1]);
  expect([...annotations.ignored]).toEqual([1, 0]);
  expect(annotations.landmarks?.names).toEqual(['left-eye', 'right-eye', 'nose']);
  const none = [Number.NaN, Number.NaN];
  expect([...(annotations.landmarks?.points ?? [])]).toEqual([5, 6, 7, 8, ...none, ...none, ...none, ...none]);
  expect([...(annotations.landmarks?.visibility ?? [])]).toEqual([2, 1, 0, 0, 0, 0]);
  expect(annotations.attributes).toEqual(
    new Map([
      ['blur', { kind: 'number', values: Float64Array.of(Number.NaN, 2) }],
      ['mask', { kind: 'word', values: [undefined, 'true'] }],
      ['who', { kind: 'word', values: [undefined, 'x'] }],
    ]),
  );
});

test('of several categories the one called face is read, another one by its name or number', () => {
  const several = {
    images,
    categories: [...categories, { id: 2, name: 'hand' }],
    annotations: [face, { ...face, id: 2, category_id: 2, bbox: [0, 0, 1, 1] }],
  };
  const context = readingContext();
  expect([...read(several, {}, context).annotations.boxesXywh]).toEqual([1, 2, 30, 40]);
  expect(context.notes).toEqual(['1 annotations of other categories are left out']);
  for (const category of ['hand', '2']) {
    expect([...read(several, { category }).annotations.boxesXywh]).toEqual([0, 0, 1, 1]);
  }
});

test.each([
  [
    'two images of one id',
    { images: [images[0], { ...images[1], id: 10 }], annotations: [] },
    /images\[1\]\.id: expected each id once, got 10/,
  ],
  [
    'two images of one name',
    { images: [images[0], { ...images[1], file_name: 'a/1.jpg' }], annotations: [] },
    /images\[1\]: expected each image once, got "a\/1.jpg"/,
  ],
  [
    'a face of no image',
    { images, annotations: [{ ...face, image_id: 11 }] },
    /annotations\[0\]\.image_id: expected the id of one of the images, got 11/,
  ],
  [
    'a face of no category',
    { images, categories, annotations: [{ ...face, category_id: 4 }] },
    /annotations\[0\]\.category_id: /,
  ],
  ['two faces of one id', { images, annotations: [face, face] }, /annotations\[1\]\.id: expected each id once/],
  [
    'a box of three numbers',
    { images, annotations: [{ ...face, bbox: [1, 2, 3] }] },
    /annotations\[0\]\.bbox: expected a list of 4 numbers, got an array of 3/,
  ],
  [
    'a box with null',
    { images, annotations: [{ ...face, bbox: [1, 2, 3, null] }] },
    /annotations\[0\]\.bbox\[3\]: expected a finite number, got null/,
  ],
  [
    'a negative width',
    { images, annotations: [{ ...face, bbox: [1, 2, -3, 4] }] },
    /width -3.*--gt-negative-sizes keep/,
  ],
  ['a huge number', { images, annotations: [{ ...face, bbox: [1e300, 2, 3, 4] }] }, /at most 10000000/],
  ['no box', { images, annotations: [{ ...face, bbox: undefined }] }, /annotations\[0\]\.bbox: .*got nothing/],
  [
    'a crowd of 2',
    { images, annotations: [{ ...face, iscrowd: 2 }] },
    /annotations\[0\]\.iscrowd: expected 0 or 1, got 2/,
  ],
  ['a path out of the folder', { images: [{ id: 1, file_name: '../../a.jpg' }], annotations: [] }, /leads out of it/],
  [
    'keypoints of two numbers',
    { images, annotations: [{ ...face, keypoints: [1, 2] }] },
    /annotations\[0\]\.keypoints/,
  ],
  [
    'several categories',
    {
      images,
      categories: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      annotations: [],
    },
    /got a \(1\), b \(2\); .*--gt-category/,
  ],
  ['no images', { images: [], annotations: [] }, /at least one image/],
  ['no list of annotations', { images }, /a list annotations, got none/],
])('%s is refused by its place', (_, document, message) => {
  expect(() => read(document)).toThrow(DatasetError);
  expect(() => read(document)).toThrow(message);
  expect(() => read(document)).toThrow(/^gt\.json: /);
});

test('negative sizes are kept where told', () => {
  const document = { images, annotations: [{ ...face, bbox: [1, 2, -3, 4] }] };
  expect([...read(document, { negativeSizes: 'keep' }).annotations.boxesXywh]).toEqual([1, 2, -3, 4]);
});

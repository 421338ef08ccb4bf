import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWiderText } from '../../src/wider/read-annotations.js';
import { readingContext } from '../reading-context.js';
import { goldenFolder } from '../shared-data.js';

const official = path.join(path.dirname(goldenFolder), 'datasets/wider/wider_face_val_bbx_gt.txt');

test.skipIf(!existsSync(official))(
  'the official text has the 3,226 images and 39,708 faces of the val split (needs the shared data folder)',
  () => {
    const annotations = readWiderText(readFileSync(official, 'utf8'), official, readingContext());
    expect(annotations.images.length).toBe(3226);
    expect(annotations.start[3226]).toBe(39708);
    expect([...annotations.attributes.keys()]).toEqual(['blur', 'expression', 'illumination', 'occlusion', 'pose']);
  },
);

test('images in any folders, with and without attributes and faces', () => {
  const text = [
    '# /a.jpg',
    '2',
    '1 2 3 4 2 1 0 1 2 0 ',
    '5 6 7 -2 0 0 1 0 0 1',
    'b/c/d.jpg',
    '0',
    '0 0 0 0 0 0 0 0 0 0 ',
    './e.jpg',
    '1',
    '1 2 3 4',
    'f.jpg',
    '0',
  ].join('\r\n');
  const annotations = readWiderText(text, 'gt.txt', readingContext());
  expect(annotations.images).toEqual(['a.jpg', 'b/c/d.jpg', 'e.jpg', 'f.jpg']);
  expect([...annotations.start]).toEqual([0, 2, 2, 3, 3]);
  expect([...annotations.boxesXywh]).toEqual([1, 2, 3, 4, 5, 6, 7, -2, 1, 2, 3, 4]);
  expect([...annotations.ignored]).toEqual([1, 0, 0]);
  expect(annotations.attributes.get('blur')?.values).toEqual(Float64Array.of(2, 0, Number.NaN));
  expect(annotations.attributes.get('pose')?.values).toEqual(Float64Array.of(0, 1, Number.NaN));
});

test.each([
  ['a.jpg\n3\n1 2 3 4\n', /^gt\.txt:2: expected the number of faces/],
  ['a.jpg\nx\n', /^gt\.txt:2: /],
  ['a.jpg\n1\n1 2 3\n', /^gt\.txt:3: /],
  ['a.jpg\n1\n1 2 3 NaN\n', /^gt\.txt:3: /],
  ['a.jpg\n1\n1 2 3 4\n5 6 7 8\n', /^gt\.txt:4: expected the path of an image/],
  ['a.jpg\n0\na.jpg\n0\n', /^gt\.txt:3: expected each image once/],
])('%j is refused by its line', (text, message) => {
  expect(() => readWiderText(text, 'gt.txt', readingContext())).toThrow(message);
});

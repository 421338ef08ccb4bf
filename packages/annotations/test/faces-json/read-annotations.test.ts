import { expect, test } from 'vitest';
import { readFaces } from '../../src/faces-json/read-annotations.js';
import { bytesSource } from '../../src/source/open-source.js';
import { readingContext } from '../reading-context.js';

const read = (document: unknown) => {
  const open = () => bytesSource(new TextEncoder().encode(JSON.stringify(document)), 'gt.json');
  return readFaces(open, 'gt.json', readingContext());
};

test('attributes are optional; flags, points and own attributes are read', () => {
  const annotations = read({
    version: 1,
    images: [
      {
        name: 'a/1',
        width: 64,
        height: 48,
        faces: [
          { box: [1, 2, 3, 4] },
          {
            box: [5, 6, 7, 8],
            landmarks: [[1, 2], [3, 4], null, [5, 6], [7, 8]],
            blur: 2,
            invalid: 1,
            crowd: true,
            who: 'x',
            splits: ['medium', 'hard'],
          },
        ],
      },
      { name: 'b', faces: [] },
    ],
  });
  expect(annotations.images).toEqual(['a/1', 'b']);
  expect([...annotations.sizesPx]).toEqual([64, 48, 0, 0]);
  expect([...annotations.start]).toEqual([0, 2, 2]);
  expect([...annotations.crowd]).toEqual([0, 1]);
  expect([...annotations.ignored]).toEqual([0, 1]);
  expect(annotations.landmarks?.names[2]).toBe('nose');
  const none = Number.NaN;
  expect([...(annotations.landmarks?.points.subarray(10) ?? [])]).toEqual([1, 2, 3, 4, none, none, 5, 6, 7, 8]);
  expect(annotations.attributes).toEqual(
    new Map([
      ['blur', { kind: 'number', values: Float64Array.of(none, 2) }],
      ['who', { kind: 'word', values: [undefined, 'x'] }],
      ['splits', { kind: 'word', values: [undefined, 'medium+hard'] }],
    ]),
  );
});

test.each([
  [{ images: [] }, /version: expected 1/],
  [{ version: 1 }, /images: expected a list/],
  [{ version: 1, images: [{ name: 'a' }] }, /images\[0\]\.faces: expected a list/],
  [{ version: 1, images: [{ name: 'a', faces: [{ box: [1, 2, 3] }] }] }, /images\[0\]\.faces\[0\]\.box/],
  [
    { version: 1, images: [{ name: 'a', faces: [{ box: [1, 2, 3, 4], x: [] }] }] },
    /faces\[0\]\.x: expected a number or a word/,
  ],
  [
    {
      version: 1,
      images: [
        { name: 'a', faces: [] },
        { name: 'a', faces: [] },
      ],
    },
    /images\[1\]: expected each image once/,
  ],
])('%j is refused by its place', (document, message) => {
  expect(() => read(document)).toThrow(message);
});

test('names of points may stand behind the images that have them', () => {
  const images = [{ name: 'a', faces: [{ box: [1, 2, 3, 4], landmarks: [[1, 2], null] }] }];
  const landmarks = ['chin', 'brow'];
  const behind = read({ version: 1, images, landmarks });
  expect(behind).toEqual(read({ version: 1, landmarks, images }));
  expect(behind.landmarks?.names).toEqual(landmarks);
  expect(() => read({ version: 1, images, landmarks: [1] })).toThrow(/landmarks: expected a list of names/);
});

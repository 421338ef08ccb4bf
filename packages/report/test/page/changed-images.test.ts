import { expect, test } from 'vitest';
import { changedImages } from '../../src/page/changed-images.js';
import type { GalleryBox, GalleryImage } from '../../src/page/page-data.js';

const miss = (x: number): GalleryBox => ({ kind: 'miss', boxXywh: [x, 0, 10, 10], heightPx: 10 });
const invented: GalleryBox = { kind: 'false positive', boxXywh: [0, 0, 10, 10], heightPx: 10, score: 0.9 };
const image = (key: string, name: string, apLost: number, boxes: GalleryBox[]): GalleryImage => ({
  ...{ key, name, event: 'e', split: 'hard', number: 'AP hard', apLost, widthPx: 100, heightPx: 100, boxes, crops: [] },
});

test('images whose missed faces or false positives differ, the largest change of AP first', () => {
  const gallery = [
    image('R1', 'same', 0.01, [miss(1), invented]),
    image('R1', 'better', 0.01, [miss(1), miss(2)]),
    image('R1', 'swapped', 0.03, [miss(1)]),
    image('R1', 'alone', 0.02, [miss(1)]),
    image('R2', 'same', 0.01, [miss(1), invented]),
    image('R2', 'better', 0.005, [miss(2)]),
    image('R2', 'swapped', 0.01, [miss(5), invented]),
  ];
  // swapped: AP lost differs by 0.02, better by 0.005; alone is of one record.
  expect(
    changedImages(gallery, 'R1', 'R2').map(({ before, found, lost, falsePositives }) => [
      before.name,
      found,
      lost,
      falsePositives,
    ]),
  ).toEqual([
    ['swapped', 1, 1, 1],
    ['better', 1, 0, 0],
  ]);
});

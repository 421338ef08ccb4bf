import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLabelText } from '../../src/label-text/read-annotations.js';
import { readingContext } from '../reading-context.js';
import { goldenFolder, hasGolden } from '../shared-data.js';

interface ExpectedFace {
  readonly image: string;
  readonly box: readonly number[];
  readonly landmarks: readonly (readonly number[])[] | null;
  readonly flags: readonly number[] | null;
  readonly quality: number;
}

test.skipIf(!hasGolden)(
  'lines of the published label.txt read to what golden/landmarks/formats says (needs the shared data folder)',
  () => {
    const folder = path.join(goldenFolder, 'landmarks/formats');
    const annotations = readLabelText(
      readFileSync(path.join(folder, 'label.txt'), 'utf8'),
      'label.txt',
      readingContext(),
    );
    const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8'))['label.txt'] as {
      readonly parsed: readonly ExpectedFace[];
    };
    expect(expected.parsed).toHaveLength(5);
    const quality = annotations.attributes.get('quality');
    expected.parsed.forEach((face, index) => {
      const image = annotations.images.indexOf(face.image);
      expect(index).toBeGreaterThanOrEqual(annotations.start[image]);
      expect(index).toBeLessThan(annotations.start[image + 1]);
      expect([...annotations.boxesXywh.subarray(4 * index, 4 * index + 4)]).toEqual(face.box);
      const points = [...(annotations.landmarks?.points.subarray(10 * index, 10 * index + 10) ?? [])];
      expect(points).toEqual(face.landmarks?.flat() ?? Array(10).fill(Number.NaN));
      const seen = [...(annotations.landmarks?.visibility?.subarray(5 * index, 5 * index + 5) ?? [])];
      expect(seen).toEqual(face.flags?.map((flag) => (flag === 0 ? 2 : 1)) ?? [0, 0, 0, 0, 0]);
      expect(quality?.values[index]).toBe(face.quality);
    });
  },
);

test('paths may have any folders and begin with a slash or a point; faces may have no points', () => {
  const text = '# /a.jpg\n1 2 3 4\n# ./b/c/d.png\r\n\n#e.jpg\n5 6 7 8\n';
  const { images, start, boxesXywh, landmarks } = readLabelText(text, 'label.txt', readingContext());
  expect(images).toEqual(['a.jpg', 'b/c/d.png', 'e.jpg']);
  expect([...start]).toEqual([0, 1, 1, 2]);
  expect([...boxesXywh]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(landmarks).toBeUndefined();
});

test.each([
  ['1 2 3 4', /^label\.txt:1: .*before the first face/],
  ['# a.jpg\n1 2 3', /^label\.txt:2: .*got 3 fields/],
  ['# a.jpg\n1 2 x 4', /^label\.txt:2: /],
  [`# a.jpg\n1 2 3 4${' 5 6 2'.repeat(5)}`, /^label\.txt:2: expected the flag 0/],
  ['# a.jpg\n# /a.jpg', /^label\.txt:2: expected each image once/],
  ['# ../a.jpg', /^label\.txt:1: .*leads out of it/],
  ['', /^label\.txt: expected at least one image/],
])('%j is refused by its line', (text, message) => {
  expect(() => readLabelText(text, 'label.txt', readingContext())).toThrow(message);
});

test('a last face that is cut within its box, which reads as a box alone, is refused', () => {
  const face = (box: string) => `${box}${' 5 5 0'.repeat(5)} 0.82\n`;
  const whole = `# a/x.jpg\n${face('1 2 30 40')}${face('5 6 70 80')}`;
  const read = (text: string) => readLabelText(text, 'label.txt', readingContext()).boxesXywh;
  expect(() => read(whole.slice(0, whole.indexOf('80') + 1))).toThrow(
    'label.txt:3: the last line ends without a line break and has 4 fields where a line before has 20: the file is cut',
  );
  expect([...read(whole.slice(0, -1))]).toEqual([1, 2, 30, 40, 5, 6, 70, 80]);
  expect([...read(`${whole}9 9 9 9\n`)].slice(8)).toEqual([9, 9, 9, 9]);
});

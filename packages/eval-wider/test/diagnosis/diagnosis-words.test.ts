import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { WiderPredictions } from '../../src/predictions/predictions.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { syntheticRun } from '../synthetic.js';

const { groundTruth, predictions } = syntheticRun(41, 90);
const random = seededRandom(5);
/** Boxes of images that were each resized by another factor. */
const boxesResized = predictions.boxesXywh.slice();
predictions.images.forEach((_, image) => {
  const factor = 0.3 + 0.7 * random();
  for (let at = 4 * predictions.start[image]; at < 4 * predictions.start[image + 1]; at++) boxesResized[at] *= factor;
});
const boxesAtRandom = predictions.boxesXywh.map((_, at) => (at % 4 < 2 ? 700 : 100) * random() + 10);

/** Runs that go wrong in ways whose fixes name a flag, each with the word that it needs. */
const runs: readonly (readonly [code: string, changed: WiderPredictions, word: keyof typeof words])[] = [
  ['constant-scores', { ...predictions, scores: predictions.scores.map(() => 1) }, 'writeScores'],
  ['resized-boxes', { ...predictions, boxesXywh: boxesResized }, 'imagesFlag'],
  ['finds-nothing', { ...predictions, boxesXywh: boxesAtRandom }, 'imagesFlag'],
];
const words = { imagesFlag: '--my-images DIR', leaveOut: 'leave them out', writeScores: 'write scores' };

test.each(runs)('%s says what its caller calls the flag, by default that of wider score', (code, changed, word) => {
  const input = { groundTruth, predictions: changed, protocol: scoringProtocol('python'), requireSorted: false };
  const textOf = (more: object): string => {
    const found = diagnose({ ...input, ...more }).find((one) => one.code === code);
    return `${found?.evidence}; ${found?.fix}`;
  };
  expect(textOf({ words })).toContain(words[word]);
  expect(textOf({ words })).not.toMatch(/--data|fifth number/);
  expect(textOf({})).toMatch(word === 'writeScores' ? 'as the fifth number of its line' : '--data DIR');
});

const boxesOf = (
  to: (x: number, y: number, w: number, h: number, image: number) => readonly number[],
): Float64Array => {
  const boxes = predictions.boxesXywh.slice();
  predictions.images.forEach((_, image) => {
    for (let at = 4 * predictions.start[image]; at < 4 * predictions.start[image + 1]; at += 4) {
      const [x, y, w, h] = boxes.subarray(at, at + 4);
      boxes.set(to(x, y, w, h, image), at);
    }
  });
  return boxes;
};

/** Only some verbs take predictions that were read; a detector's own have a card, and no flags. */
const detectors: readonly {
  readonly code: string;
  readonly changed: Partial<WiderPredictions>;
  readonly faces?: Float64Array;
}[] = [
  { code: 'constant-scores', changed: { scores: predictions.scores.map(() => 1) } },
  { code: 'resized-boxes', changed: { boxesXywh: boxesResized } },
  {
    code: 'negative-boxes',
    changed: { boxesXywh: boxesOf((x, y, w, h, image) => (image % 8 === 0 ? [x, y, -w, -h] : [x, y, w, h])) },
  },
  {
    code: 'boxes-outside',
    changed: { boxesXywh: boxesOf((x, y, w, h, image) => [x + (image % 8 === 0 ? 9e4 + w * image : 0), y, w, h]) },
  },
  { code: 'images-empty', changed: emptied((image) => image % 3 === 0) },
  {
    code: 'faces-without-area',
    changed: {},
    faces: groundTruth.boxesXywh.map((value, at) => (at % 4 === 2 && at < 40 ? 0 : value)),
  },
];

/** The run without the detections of some images. */
function emptied(isEmpty: (image: number) => boolean): Partial<WiderPredictions> {
  const kept = predictions.images.map((_, image) => (isEmpty(image) ? [] : [image]));
  const rows = kept.flatMap((own) =>
    own.flatMap((image) =>
      Array.from(
        { length: predictions.start[image + 1] - predictions.start[image] },
        (_, at) => predictions.start[image] + at,
      ),
    ),
  );
  let count = 0;
  const start = kept.map((own) => {
    const first = count;
    for (const image of own) count += predictions.start[image + 1] - predictions.start[image];
    return first;
  });
  return {
    start: Int32Array.from([...start, count]),
    boxesXywh: Float64Array.from(rows.flatMap((row) => [...predictions.boxesXywh.subarray(4 * row, 4 * row + 4)])),
    scores: Float64Array.from(rows, (row) => predictions.scores[row]),
  };
}

test.each(detectors)(
  '$code of a detector names no flag that only verbs of predictions have',
  ({ code, changed, faces = groundTruth.boxesXywh }) => {
    const found = diagnose({
      groundTruth: { ...groundTruth, boxesXywh: faces },
      predictions: { ...predictions, ...changed },
      protocol: scoringProtocol('python'),
      requireSorted: false,
      origin: 'detector',
    });
    expect(found.map((one) => one.code)).toContain(code);
    for (const { fix } of found) {
      expect(fix.replace(/; for predictions read from files .*|wider score --\S+ \w+/, '')).not.toMatch(/--[a-z]/);
    }
  },
);

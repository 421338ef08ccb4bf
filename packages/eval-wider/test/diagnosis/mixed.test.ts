import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { type DetectionRow, predictionsOf, rowsOf, syntheticRun } from '../synthetic.js';

const { groundTruth, predictions } = syntheticRun(33, 60);
const protocol = scoringProtocol('python');

type Change = (row: DetectionRow, image: number) => readonly DetectionRow[];

/** The run with each detection replaced by others, best first. */
function diagnosisOf(change: Change): Diagnosis[] {
  const rows = Object.entries(rowsOf(predictions)).map(([name, own], image) => [
    name,
    own.flatMap((row) => change(row, image)).sort((a, b) => b[4] - a[4]),
  ]);
  return diagnose({
    groundTruth,
    predictions: predictionsOf(Object.fromEntries(rows)),
    protocol,
    requireSorted: false,
    sizeOf: () => ({ widthPx: 1024, heightPx: 768 }),
    allSizesKnown: true,
  });
}

describe('diagnose, on passes put together', () => {
  it.each<[string, Change, RegExp]>([
    [
      'half the size',
      ([x, y, w, h, s]) => [
        [x, y, w, h, s],
        [x / 2, y / 2, w / 2, h / 2, s],
      ],
      /resized by 1\/2/,
    ],
    [
      'mirrored',
      ([x, y, w, h, s]) => [
        [x, y, w, h, s],
        [1024 - x - w, y, w, h, s],
      ],
      /mirrored/,
    ],
  ])('names a pass that was not brought back: %s', (_, change, evidence) => {
    const [first] = diagnosisOf(change);
    expect(first).toMatchObject({ code: 'mixed-boxes', level: 'error' });
    expect(first.evidence).toMatch(evidence);
  });

  it('finds no error where as many sure detections are false and lie anywhere', () => {
    const found = diagnosisOf(([x, y, w, h, s]) => [
      [x, y, w, h, s],
      [(7919 * x) % 900, (104_729 * y) % 650, w, h, s],
    ]);
    expect(found.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('names a sixth of the files at half the size', () => {
    const [first] = diagnosisOf(([x, y, w, h, s], image) => [
      image % 12 === 5 || image % 12 === 6 ? [x / 2, y / 2, w / 2, h / 2, s] : [x, y, w, h, s],
    ]);
    expect(first).toMatchObject({ code: 'resized-boxes', level: 'error' });
    expect(first.evidence).toMatch(/^in \d+ of 60 images, those in which nothing is found/);
  });
});

describe('diagnose, on scores beyond 1', () => {
  it.each([255, 1000, 1e30])(
    'asks for probabilities where scores are times %s, no flag that would cost AP',
    (times) => {
      const [first] = diagnosisOf(([x, y, w, h, s]) => [[x, y, w, h, times * s]]);
      expect(first).toMatchObject({ code: 'scores-outside-0-1', level: 'warning', fix: 'write probabilities, 0..1' });
    },
  );
});

describe('diagnose, on boxes clipped to a smaller frame', () => {
  it('names the side at which boxes pile up, and says nothing of boxes clipped to their image', () => {
    const clipped = diagnosisOf(([x, y, w, h, s]) => [[Math.min(x, 640), y, w, h, s]]);
    expect(clipped.map(({ code, evidence }) => [code, / begin at x = 640,/.test(evidence)])).toContainEqual([
      'boxes-clipped',
      true,
    ]);
    const own = diagnosisOf(([x, y, w, h, s]) => {
      const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
      return [[left, top, Math.min(x + w, 1023) - left, Math.min(y + h, 767) - top, s]];
    });
    expect(own).toEqual([]);
  });
});

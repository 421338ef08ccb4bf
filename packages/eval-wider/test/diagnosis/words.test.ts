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

import { parseLogEntry, toDetectedImage } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { toPredictions } from '../../src/index.js';
import { formatSubmission } from '../../src/predict/submission.js';

const found = {
  count: 2,
  boxesXyxy: Float32Array.from([10.75, 20.25, 30.5, 44.5, -1.5, -0.25, 4.1, 9.99]),
  scores: Float32Array.from([0.9, 0.1]),
};

describe('toDetectedImage', () => {
  test('writes x y w h score, each number the shortest decimal of its float32', () => {
    // 4.1 - -1.5 = 5.6 and 9.99 + 0.25 = 10.24, up to float32.
    const { detections } = toDetectedImage('e/i', 50, 60, found, 'none');
    expect(detections).toEqual([10.75, 20.25, 19.75, 24.25, 0.9, -1.5, -0.25, 5.6, 10.24, 0.1]);
  });

  test('truncates corners toward zero, as int() of the public script does', () => {
    // int(10.75) = 10, int(20.25) = 20, int(30.5) - 10 = 20, int(44.5) - 20 = 24; int(-1.5) = -1, int(-0.25) = 0, 4 + 1, 9 - 0.
    const { detections } = toDetectedImage('e/i', 50, 60, found, 'truncate');
    expect(detections).toEqual([10, 20, 20, 24, 0.9, -1, 0, 5, 9, 0.1]);
  });
});

test('formatSubmission writes the name without event, the count, and a line a detection', () => {
  const image = toDetectedImage('0--Parade/0_Parade_1', 50, 60, found, 'truncate');
  expect(formatSubmission(image)).toBe('0_Parade_1\n2\n10 20 20 24 0.9\n-1 0 5 9 0.1\n');
  expect(formatSubmission({ ...image, detections: [] })).toBe('0_Parade_1\n0\n');
});

test('toPredictions keeps the order of images and detections', () => {
  const predictions = toPredictions([
    { image: 'e/b', widthPx: 1, heightPx: 1, detections: [1, 2, 3, 4, 0.5] },
    { image: 'e/a', widthPx: 1, heightPx: 1, detections: [] },
  ]);
  expect(predictions.images).toEqual(['e/b', 'e/a']);
  expect([...predictions.start]).toEqual([0, 1, 1]);
  expect([...predictions.boxesXywh, ...predictions.scores]).toEqual([1, 2, 3, 4, 0.5]);
});

describe('parseLogEntry', () => {
  const image = {
    image: 'e/i',
    widthPx: 5,
    heightPx: 6,
    detections: [1, 2, 3, 4, 0.5],
    sha256: '0'.repeat(64),
    detectedAt: '2026-11-29T12:00:00.000Z',
  };

  test('takes what a run writes', () => {
    expect(parseLogEntry(JSON.parse(JSON.stringify(image)), 'log:1')).toEqual(image);
  });

  test.each([
    ['a missing field', { image: 'e/i', widthPx: 5, detections: [] }, /heightPx: expected a value/],
    ['a name that leaves the folder', { ...image, image: '../i/j' }, /image: expected text matching/],
    ['numbers that are not five a detection', { ...image, detections: [1, 2] }, /2 numbers, not five a detection/],
    ['an image without the hash of its bytes', { ...image, sha256: undefined }, /sha256: expected/],
    ['null', null, /expected object/],
  ])('names the place of %s', (_, value, message) => {
    expect(() => parseLogEntry(value, 'log:3')).toThrow(DatasetError);
    expect(() => parseLogEntry(value, 'log:3')).toThrow(message);
    expect(() => parseLogEntry(value, 'log:3')).toThrow(/^log:3: /);
  });
});

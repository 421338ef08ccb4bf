import { expect, test } from 'vitest';
import { denseRow, toDetectedImage } from '../../src/runs/detected-image.js';
import { parseLogEntry } from '../../src/runs/logged-image.js';

const parameters = Float32Array.from({ length: 3 * 144 }, (_, at) => at / 8);
const found = {
  count: 3,
  boxesXyxy: Float32Array.from([1, 2, 11, 22, 1, 2, 11, 22, 1, 2, 11, 22]),
  scores: Float32Array.from([0.9, 0.5, 0.4]),
  dense: {
    parameters,
    anchorsXyxy: new Float32Array(12),
    squaresXyxy: Float32Array.from([0, 0, 24, 24, 24, 0, 0, 24, 1, 1, 2, 2]),
    rolls: Float32Array.from([0.25, -0.5, 0]),
  },
};

test('toDetectedImage keeps the dense numbers of faces from a score on: parameters, square and turn of each', () => {
  const { dense } = toDetectedImage('a', 50, 60, found, 'none', { dense: { leastScore: 0.5 } });
  expect(dense).toHaveLength(2 * denseRow);
  // The second row: numbers 144 to 287, in eighths; the mirrored square; the turn.
  expect(dense?.slice(denseRow, denseRow + 3)).toEqual([18, 18.125, 18.25]);
  expect(dense?.slice(2 * denseRow - 6)).toEqual([287 / 8, 24, 0, 0, 24, -0.5]);
  expect(toDetectedImage('a', 50, 60, found, 'none', { landmarks: true }).dense).toBeUndefined();
  expect(toDetectedImage('a', 50, 60, found, 'none', { dense: { leastScore: 1 } }).dense).toEqual([]);
});

test('parseLogEntry reads them back, and refuses rows that are not whole or more than there are faces', () => {
  const detected = toDetectedImage('a', 50, 60, found, 'none', { dense: { leastScore: 0.5 } });
  const entry = { ...detected, sha256: '0'.repeat(64), detectedAt: '2026-01-01T00:00:00.000Z' };
  expect(parseLogEntry(JSON.parse(JSON.stringify(entry)), 'log')).toEqual(entry);
  for (const dense of [[1, 2, 3], new Array(4 * denseRow).fill(0)]) {
    expect(() => parseLogEntry({ ...entry, dense }, 'log')).toThrow(/numbers of the dense head for 3 detections/);
  }
});

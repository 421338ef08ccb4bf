import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type LoggedImage, openRunFolder } from '@retinabench/backends/runs';
import { afterAll, expect, test } from 'vitest';
import { readRun } from '../../src/annotated/read-run.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'read-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Logged = Pick<LoggedImage, 'detections' | 'landmarks' | 'points'>;

function runOf(name: string, ...images: readonly Logged[]): string {
  const place = path.join(folder, name);
  const run = openRunFolder({
    folder: place,
    identity: {
      code: { version: '1', sha256: 'a' },
      model: { id: 'm', sha256: 'b', cardSha256: 'c' },
      backend: { id: 'ort-node', version: '1' },
      runtimes: {},
      settings: {},
      dataset: { name: 'own', namesSha256: 'd' },
      landmarks: true,
    },
    fresh: false,
  });
  images.forEach((image, index) => {
    const made = { widthPx: 9, heightPx: 9, sha256: '0'.repeat(64), detectedAt: '2026-01-01T00:00:00Z' };
    run.log.append({ image: `${index}.jpg`, ...made, ...image });
  });
  run.close();
  return place;
}

const face = [1, 2, 3, 4, 0.5];

test('points of a log without landmarks are landmarks, in rows of the detections', () => {
  const place = runOf(
    'points',
    { detections: face, points: [1, 2, 3, 4, 5, 6] },
    { detections: [], points: [] },
    { detections: [...face, ...face], points: [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18] },
  );
  const { start, landmarks } = readRun(place) ?? {};
  expect([...(start ?? [])]).toEqual([0, 1, 1, 3]);
  expect(landmarks?.names).toEqual(['0', '1', '2']);
  expect([...(landmarks?.points ?? [])]).toEqual(Array.from({ length: 18 }, (_, at) => at + 1));
});

test('points are not read where images have other numbers of them, nor beside the five landmarks', () => {
  const differing = runOf(
    'differing',
    { detections: face, points: [1, 2] },
    { detections: face, points: [1, 2, 3, 4] },
  );
  expect(readRun(differing)?.landmarks).toBeUndefined();
  const five = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const both = runOf('both', { detections: face, landmarks: five, points: [1, 2] });
  expect([...(readRun(both)?.landmarks?.points ?? [])]).toEqual(five);
});

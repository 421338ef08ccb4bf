import type { LoggedImage } from '@retinabench/backends/runs';
import { expect, test } from 'vitest';
import { ownTimes, ownTimesNotes } from '../../src/detection/own-times.js';

const images = [10, 20, 30, undefined].map((detectMs, at) => ({ image: `${at}`, detectMs }) as unknown as LoggedImage);
const resumed = { images: 1, earliest: '2026-01-01T00:00:00.000Z', latest: '2026-01-01T00:00:00.000Z' };

test('the times of a run stand with its workers, its load, and what an earlier run took', () => {
  const own = ownTimes({ detected: images, resumed }, 2, 0.4);
  expect(own.latencyMs?.detect).toMatchObject({ median: 20, n: 3 });
  expect(own.detectTiming).toEqual({ workers: 2, images: 3, earlier: 1 });
  expect(own.loadOfOthers).toEqual({ shares: [0.4], limit: 0.1, disturbed: 1 });
  expect(ownTimesNotes(own).join()).toMatch(
    /with all 2 workers at once, while other programs took 40 % .*, 1 of 3 images by an earlier run: median 20\.0 ms/,
  );
});

test('images without times, as a queue leaves them, give no field', () => {
  expect(ownTimes({ detected: images.slice(3) }, 2, 0)).toEqual({});
  expect(ownTimesNotes({})).toEqual([]);
});

test('where all was detected earlier, the load of now says nothing', () => {
  const own = ownTimes({ detected: images.slice(0, 3), resumed: { ...resumed, images: 3 } }, 1, 0.4);
  expect(own.loadOfOthers).toBeUndefined();
  expect(own.detectTiming?.earlier).toBe(3);
});

import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { isoTimeMs } from '../../src/runs/iso-time.js';
import { isoTimeText } from '../../src/runs/iso-time-text.js';

/** What the platform's own reader and writer of dates say. */
function byDate(text: string): number | undefined {
  const timeMs = Date.parse(text);
  return Number.isFinite(timeMs) && new Date(timeMs).toISOString() === text ? timeMs : undefined;
}

test('reads times as Date does, and only those that Date writes so', () => {
  const random = seededRandom(4);
  for (let round = 0; round < 5000; round++) {
    const written = new Date(Math.floor(4e12 * random() - 1e12)).toISOString();
    const at = Math.floor(24 * random());
    const damaged = `${written.slice(0, at)}${'0123456789:.TZ- é'[Math.floor(17 * random())]}${written.slice(at + 1)}`;
    for (const text of [written, damaged, written.slice(0, at)]) expect(isoTimeMs(text), text).toBe(byDate(text));
  }
});

test('reads no time that there is not', () => {
  for (const text of ['2023-02-30T00:00:00.000Z', '2023-01-01T24:00:00.000Z', '2023-01-01T00:60:00.000Z', '']) {
    expect(isoTimeMs(text), text).toBe(byDate(text));
  }
});

test('isoTimeText writes times as Date does, in any order', () => {
  const random = seededRandom(5);
  let timeMs = 0;
  for (let round = 0; round < 5000; round++) {
    // Every fourth is far from the last, the others follow it or lie before it by up to an hour.
    timeMs = round % 4 === 0 ? Math.floor(4e12 * random() - 1e12) : timeMs + Math.floor(7.2e6 * random() - 3.6e6);
    expect(isoTimeText(timeMs)).toBe(new Date(timeMs).toISOString());
  }
  expect(() => isoTimeText(Number.NaN)).toThrow(RangeError);
});

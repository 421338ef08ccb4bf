import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { PackedDigests } from '../src/packed-digests.js';

test('gives back the latest hash and stamp of each name, as a map does, over many chunks', () => {
  const random = seededRandom(5);
  const held = new PackedDigests();
  const expected = new Map<string, readonly [sha256: string, stamp: string | undefined]>();
  const digits = (count: number, base: number): string =>
    Array.from({ length: count }, () => Math.floor(base * random()).toString(base)).join('');
  for (let step = 0; step < 16_000; step++) {
    const name = `e/${Math.floor(12_000 * random())}`;
    const stamp = random() < 0.1 ? undefined : `${digits(5, 10)} ${digits(19, 10)} ${digits(19, 10)} ${digits(8, 10)}`;
    const sha256 = digits(64, 16);
    held.set(name, sha256, stamp);
    expected.set(name, [sha256, stamp]);
  }
  expect(held.size).toBe(expected.size);
  expect([...held]).toEqual([...expected].map(([name, [sha256, stamp]]) => [name, sha256, stamp]));
  const looked = [...expected].map(([name, [, stamp]]) => [held.sha256Of(name, stamp), held.sha256Of(name, '1 2 3 4')]);
  expect(looked).toEqual([...expected.values()].map(([sha256]) => [sha256, undefined]));
  expect(held.sha256Of('e/none', undefined)).toBeUndefined();
});

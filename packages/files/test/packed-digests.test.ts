import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { PackedDigests } from '../src/packed-digests.js';

/** Names with hashes and stamps at random, some of them stamps that no file has. */
function filled(): {
  held: PackedDigests;
  expected: Map<string, readonly [sha256: string, stamp: string | undefined]>;
} {
  const random = seededRandom(5);
  const held = new PackedDigests();
  const expected = new Map<string, readonly [sha256: string, stamp: string | undefined]>();
  const digits = (count: number, base: number): string =>
    Array.from({ length: count }, () => Math.floor(base * random()).toString(base)).join('');
  for (let step = 0; step < 16_000; step++) {
    const name = `e/${Math.floor(12_000 * random())}`;
    // Times that begin with 0 or before 1970, inodes of 60 bits: what a stamp may be, kept as it is written.
    const times = `${random() < 0.1 ? '-' : ''}${digits(19, 10)} ${digits(18, 10)}`;
    const stamp = random() < 0.1 ? undefined : `${digits(5, 10)} ${times} ${digits(random() < 0.5 ? 8 : 18, 10)}`;
    const sha256 = digits(64, 16);
    held.set(name, sha256, stamp);
    expected.set(name, [sha256, stamp]);
  }
  return { held, expected };
}

test('gives back the latest hash and stamp of each name, as a map does, over many chunks', () => {
  const { held, expected } = filled();
  expect(held.size).toBe(expected.size);
  expect([...held]).toEqual([...expected].map(([name, [sha256, stamp]]) => [name, sha256, stamp]));
  const looked = [...expected].map(([name, [, stamp]]) => [held.sha256Of(name, stamp), held.sha256Of(name, '1 2 3 4')]);
  expect(looked).toEqual([...expected.values()].map(([sha256]) => [sha256, undefined]));
  expect(held.sha256Of('e/none', undefined)).toBeUndefined();
});

test('gives the same back from its parts, and takes more', () => {
  const { held, expected } = filled();
  const restored = new PackedDigests();
  const parts = (held.parts() ?? []).map((part) => {
    const copy = Buffer.allocUnsafeSlow(part.byteLength);
    copy.set(part);
    return copy;
  });
  expect(restored.restore(parts)).toBe(true);
  restored.set('e/new', 'ab'.repeat(32), '5 1700000000123456789 1700000000023456789 7');
  expected.set('e/new', ['ab'.repeat(32), '5 1700000000123456789 1700000000023456789 7']);
  expect([...restored]).toEqual([...expected].map(([name, [sha256, stamp]]) => [name, sha256, stamp]));
});

test('a file is the one that is held while size, both times and inode are, as stat gives them', () => {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'digests-')), 'a');
  writeFileSync(file, 'abc');
  const held = new PackedDigests();
  const sha256 = 'cd'.repeat(32);
  const exact = statSync(file, { bigint: true });
  held.set('a', sha256, `${exact.size} ${exact.mtimeNs} ${exact.ctimeNs} ${exact.ino}`);
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  const times = { size, mtimeMs, ctimeMs, ino };
  expect(held.isHeld('a', sha256, times)).toBe(true);
  expect(held.isHeld('a', 'ce'.repeat(32), times)).toBe(false);
  expect(held.isHeld('b', sha256, times)).toBe(false);
  for (const key of ['size', 'mtimeMs', 'ctimeMs', 'ino'] as const) {
    expect(held.isHeld('a', sha256, { ...times, [key]: times[key] + 1 }), key).toBe(false);
  }
  // 1 µs, of which a double of these milliseconds tells a quarter.
  expect(held.isHeld('a', sha256, { ...times, ctimeMs: ctimeMs + 0.001 })).toBe(false);
  held.set('a', sha256);
  expect(held.isHeld('a', sha256, times)).toBe(false);
});

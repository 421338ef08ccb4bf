import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PackedHashes } from '../src/packed-hashes.js';

const digest = (of: number): string => createHash('sha256').update(String(of)).digest('hex');

test('gives back each hash under its index, also beyond the room of the start', () => {
  const hashes = new PackedHashes();
  for (let index = 0; index < 300; index++) hashes.set(index, digest(index));
  for (let index = 0; index < 300; index++) expect(hashes.at(index)).toBe(digest(index));
  hashes.set(64, digest(1000));
  expect([63, 64, 65].map((index) => hashes.at(index))).toEqual([digest(63), digest(1000), digest(65)]);
});

test('tells a hash from one that differs in a digit, and from other text', () => {
  const hashes = new PackedHashes();
  const known = `${'0'.repeat(31)}9af0${'f'.repeat(29)}`;
  hashes.set(0, known);
  expect(hashes.isAt(0, known)).toBe(true);
  for (let at = 0; at < known.length; at++) {
    const other = known[at] === '0' ? '1' : '0';
    expect(hashes.isAt(0, `${known.slice(0, at)}${other}${known.slice(at + 1)}`)).toBe(false);
  }
  expect(hashes.isAt(0, '')).toBe(false);
  expect(hashes.isAt(0, known.toUpperCase())).toBe(false);
});

test('is restored from its part, and by no part of another length', () => {
  const hashes = new PackedHashes();
  for (let index = 0; index < 70; index++) hashes.set(index, digest(index));
  const part = Buffer.from(hashes.part(70));
  const restored = new PackedHashes();
  restored.set(0, digest(7));
  expect(restored.restore(part, 69)).toBe(false);
  expect(restored.at(0)).toBe(digest(7));
  expect(restored.restore(part, 70)).toBe(true);
  expect(restored.at(69)).toBe(digest(69));
  // It grows from there.
  restored.set(70, digest(70));
  expect([restored.at(69), restored.at(70)]).toEqual([digest(69), digest(70)]);
  const empty = new PackedHashes();
  expect(empty.restore(Buffer.alloc(0), 0)).toBe(true);
  empty.set(0, digest(0));
  expect(empty.at(0)).toBe(digest(0));
});

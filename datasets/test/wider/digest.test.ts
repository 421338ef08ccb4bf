import { createHash } from 'node:crypto';
import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { imageNamesDigest } from '../../src/wider/digest.js';

/** By definition: lines in the order of their code units. */
function byDefinition(names: readonly string[]): string {
  const lines = names.map((name) => `${name}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

test('is that of the sorted lines, whatever the order and the characters of the names', () => {
  const random = seededRandom(11);
  // Among them one before the end of a line, and half of a pair, which UTF-8 cannot hold.
  const letters = ['a', 'b', '-', '/', ' ', '\t', 'ü', '\ud83d\ude00', '\ud800'];
  for (let round = 0; round < 400; round++) {
    const some = letters.slice(0, 4 + (round % 6));
    const names = Array.from({ length: 1 + Math.floor(12 * random()) }, () =>
      Array.from({ length: 1 + Math.floor(4 * random()) }, () => some[Math.floor(some.length * random())]).join(''),
    );
    expect(imageNamesDigest(names)).toBe(byDefinition(names));
    expect(imageNamesDigest([...new Set(names)].sort())).toBe(byDefinition([...new Set(names)]));
  }
  expect(imageNamesDigest([])).toBe(byDefinition([]));
  // More than are hashed at once.
  const many = Array.from({ length: 10_000 }, (_, index) => `e/${String(index).padStart(6, '0')}`);
  expect(imageNamesDigest(many)).toBe(byDefinition(many));
});

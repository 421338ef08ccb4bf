import { expect, test } from 'vitest';
import { seededRandom, shuffle } from '../../src/index.js';

test('exchanges the last item with one at or before it, then the one before', () => {
  // floor(0.5 x 3) = 1: a c b; floor(0 x 2) = 0: c a b.
  const numbers = [0.5, 0];
  const items = ['a', 'b', 'c'];
  expect(shuffle(items, () => numbers.shift() ?? Number.NaN)).toBe(items);
  expect(items).toEqual(['c', 'a', 'b']);
});

test('every order of three items is as likely as any other', () => {
  const random = seededRandom(3);
  const times = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffle(['a', 'b', 'c'], random).join('');
    times.set(order, (times.get(order) ?? 0) + 1);
  }
  expect(times.size).toBe(6);
  // Standard deviation sqrt(6000 x 1/6 x 5/6) = 29; five of them.
  for (const count of times.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

import { expect, test } from 'vitest';
import { startLimitMs } from '../../src/workers/start-limit.js';

test('a step of a start has two minutes, and more by as much as each process gets less of a processor', () => {
  expect(startLimitMs(0, 4)).toBe(120_000);
  expect(startLimitMs(4, 4)).toBe(120_000);
  // Twelve processes on four processors: a third of one for each.
  expect(startLimitMs(12, 4)).toBe(360_000);
});

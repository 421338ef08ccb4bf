import { expect, test } from 'vitest';
import { startLimitMs, withinStart } from '../../src/browsers/launch/within-start.js';

test('a step of starting a browser has two minutes, and more by as much as each process gets less of a processor', () => {
  expect(startLimitMs(0, 4)).toBe(120_000);
  expect(startLimitMs(4, 4)).toBe(120_000);
  // Twelve processes on four processors: a third of one for each.
  expect(startLimitMs(12, 4)).toBe(360_000);
});

test('what comes in time is given, and what fails says why', async () => {
  const late = (): Error => new Error('late');
  expect(await withinStart(Promise.resolve(5), late)).toBe(5);
  await expect(withinStart(Promise.reject(new Error('broken')), late)).rejects.toThrow('broken');
});

test('a limit that has grown when the time is up is waited for', async () => {
  const limits = [10, 40, 40];
  let looks = 0;
  const never = new Promise<never>(() => undefined);
  const waited = withinStart(
    never,
    (seconds) => new Error(`late after ${seconds} s`),
    () => limits[Math.min(looks++, 2)],
  );
  await expect(waited).rejects.toThrow('late after 0 s');
  expect(looks).toBeGreaterThanOrEqual(2);
});

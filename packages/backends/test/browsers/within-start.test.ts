import { expect, test } from 'vitest';
import { withinStart } from '../../src/browsers/launch/within-start.js';

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

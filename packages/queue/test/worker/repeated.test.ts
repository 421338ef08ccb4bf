import { expect, test } from 'vitest';
import { repeated } from '../../src/worker/repeated.js';

test('begins no act while one runs, goes on after one that failed, and begins none once it is ended', async () => {
  const errors: unknown[] = [];
  let [running, most, begun] = [0, 0, 0];
  let stop: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    stop = repeated(
      1,
      async () => {
        most = Math.max(most, ++running);
        begun++;
        // Longer than the wait: several are due meanwhile.
        await new Promise((end) => setTimeout(end, 10));
        running--;
        if (begun === 1) throw new Error('away');
        if (begun === 3) resolve();
      },
      (error) => errors.push(error),
    );
  });
  stop();
  expect(most).toBe(1);
  expect(errors).toEqual([new Error('away')]);
  const before = begun;
  await new Promise((end) => setTimeout(end, 30));
  expect(begun).toBe(before);
});

import { expect, test } from 'vitest';
import { waitUntil } from './wait-until.js';

test('gives what is looked for once it is there', async () => {
  let looks = 0;
  expect(await waitUntil('the third look', () => (++looks === 3 ? 'here' : undefined), { everyMs: 1 })).toBe('here');
  expect(looks).toBe(3);
  // A number may be 0 and a text may be empty.
  expect(await waitUntil('a number', () => 0)).toBe(0);
});

test('says what did not come in time, and what was said meanwhile', async () => {
  const late = waitUntil('a note', () => false, { withinMs: 5, everyMs: 1, said: () => 'another note' });
  await expect(late).rejects.toThrow(/^waited for a note: it is not there after \d+ ms; said so far:\nanother note$/);
});

test('waits no longer than what should bring the event about, and passes its error on', async () => {
  const ended = waitUntil('a note', () => false, { during: Promise.resolve() });
  await expect(ended).rejects.toThrow('waited for a note: what should bring it about has ended');
  const failed = waitUntil('a note', () => false, { during: Promise.reject(new Error('refused')) });
  await expect(failed).rejects.toThrow('refused');
  let came = false;
  const atLast = new Promise<void>((resolve) => {
    came = true;
    resolve();
  });
  expect(await waitUntil('what comes with the end', () => came, { during: atLast })).toBe(true);
});

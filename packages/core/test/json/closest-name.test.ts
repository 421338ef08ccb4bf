import { expect, test } from 'vitest';
import { closestName } from '../../src/index.js';

const names = ['retinaface-mnet025', 'scrfd-500m', 'yunet-n', 'ultraface-rfb-320', 'ultraface-rfb-640'];

test.each([
  // One letter added, one left out, two swapped (two edits), other case.
  ['scrfd-500mm', 'scrfd-500m'],
  ['retinaface-mnet25', 'retinaface-mnet025'],
  ['yunte-n', 'yunet-n'],
  ['SCRFD-500M', 'scrfd-500m'],
])('%s is probably %s', (asked, meant) => {
  expect(closestName(asked, names)).toBe(meant);
});

test('a name that is close to none gives none', () => {
  expect(closestName('mtcnn', names)).toBeUndefined();
  expect(closestName('x'.repeat(100_000), names)).toBeUndefined();
  expect(closestName('a', [])).toBeUndefined();
});

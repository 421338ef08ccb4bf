import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortenLabels } from '../../src/format/shorten-labels.js';

test('leaves out the middle of a long label, and leaves a short one', () => {
  expect(shortenLabels(['retinaface-rb025-int8', 'yunet-n'], 11)).toEqual(
    ['retin…-int8', 'yunet-n'].map((label) => label),
  );
});

test('keeps as much as tells labels apart: those that differ in the middle are longer', () => {
  // At 5 characters both would be aa…aa; the difference is at the sixth of 11.
  const [a, b] = shortenLabels(['aaaaaXaaaaa', 'aaaaaYaaaaa'], 5);
  expect(a).not.toBe(b);
  expect(a).toContain('X');
});

test('labels that differ are never shown alike', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ maxLength: 30, unit: 'grapheme' }), { maxLength: 8 }), (labels) => {
      expect(new Set(shortenLabels(labels, 6)).size).toBe(labels.length);
    }),
    { seed: 5 },
  );
});

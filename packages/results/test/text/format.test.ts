import { expect, test } from 'vitest';
import { formatCount, formatShare } from '../../src/index.js';

test('formatCount separates thousands by commas, and rounds', () => {
  expect([0, 999, 1000, 426_608, 1_426_608, 7210.6].map(formatCount)).toEqual([
    '0',
    '999',
    '1,000',
    '426,608',
    '1,426,608',
    '7,211',
  ]);
});

test('formatShare has one digit of a percent', () => {
  expect([0, 0.123, 0.99951, 1].map(formatShare)).toEqual(['0.0 %', '12.3 %', '100.0 %', '100.0 %']);
});

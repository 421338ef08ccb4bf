import { expect, test } from 'vitest';
import { runId } from '../src/index.js';

test('runId hashes the identity, whatever the order of its properties', () => {
  // printf '%s' '{"identity":"{\"a\":1,\"b\":[2,3]}"}' | sha256sum
  expect(runId({ a: 1, b: [2, 3] })).toBe('ddf5051cc10e');
  expect(runId({ b: [2, 3], a: 1 })).toBe(runId({ a: 1, b: [2, 3] }));
  expect(runId({ a: 1, b: [3, 2] })).not.toBe(runId({ a: 1, b: [2, 3] }));
});

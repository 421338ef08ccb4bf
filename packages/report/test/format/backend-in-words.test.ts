import { expect, test } from 'vitest';
import { backendInWords } from '../../src/format/backend-in-words.js';

test('backendInWords names a backend, its version and its threads, where they are stated', () => {
  expect(backendInWords({ id: 'ort-node', version: '1.30.0', threads: 1 })).toBe('ort-node 1.30.0, 1 thread');
  expect(backendInWords({ id: 'ort-node', version: '1.30.0', threads: 4 })).toBe('ort-node 1.30.0, 4 threads');
  // A verification of features made before states none.
  expect(backendInWords({ id: 'ort-node', version: '1.30.0' })).toBe('ort-node 1.30.0');
});

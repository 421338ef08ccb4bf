import { expect } from 'vitest';
import type { Backend, Tensor } from '../../../src/index.js';
import { ortNode } from '../../../src/runtimes/ort-node/ort-node.js';
import { noise } from './node-model.js';

/** Feeds of noise for the given dimensions. */
export function noiseFeeds(feeds: readonly (readonly number[])[], positive = false): Record<string, Tensor> {
  return Object.fromEntries(
    feeds.map((dims, index) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      const data = Float32Array.from(noise(size, index + 1), (value) => (positive ? Math.abs(value) + 0.1 : value));
      return [`x${index}`, { data, dims }];
    }),
  );
}

/** Run a model on ONNX Runtime and on `backend`, and expect the same outputs. */
export async function expectAgreement(
  backend: Backend,
  model: Uint8Array,
  feeds: Record<string, Tensor>,
  tolerance = 1e-4,
): Promise<void> {
  const reference = await ortNode.createSession(model, 'test.onnx', { threads: 1 });
  const session = await backend.createSession(model, 'test.onnx', { threads: 1 });
  try {
    const expected = await reference.run(feeds);
    const actual = await session.run(feeds);
    for (const name of reference.outputNames) {
      expect(actual[name].dims, `dimensions of ${name}`).toEqual([...expected[name].dims]);
      expect(largestDifference(actual[name].data, expected[name].data), name).toBeLessThanOrEqual(tolerance);
    }
  } finally {
    await reference.dispose();
    await session.dispose();
  }
}

/** Largest absolute difference, relative for magnitudes above 1; equal infinities and NaNs count as equal. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  let largest = actual.length === expected.length ? 0 : Infinity;
  expected.forEach((value, i) => {
    if (Object.is(value, actual[i])) return;
    const difference = Math.abs(actual[i] - value) / Math.max(1, Math.abs(value));
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  });
  return largest;
}

import { ProtocolError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { scenarioOf } from '../../src/bench/scenario-flags.js';

test('scenarios take their flags, and defaults of 400 queries and 300 frames at 30 a second', () => {
  expect(scenarioOf({ seed: 1 })).toBeUndefined();
  expect(scenarioOf({ scenario: 'server', latencyBound: 50, seed: 7 })).toEqual({
    kind: 'server',
    boundMs: 50,
    queries: 400,
    seed: 7,
  });
  expect(scenarioOf({ scenario: 'stream', seed: 1 })).toEqual({ kind: 'stream', framesPerSecond: 30, frames: 300 });
  expect(scenarioOf({ scenario: 'stream', fps: 15, frames: 20, seed: 1 })).toMatchObject({ framesPerSecond: 15 });
});

test.each([
  [{ scenario: 'server', seed: 1 }, /add --latency-bound MS/],
  [{ scenario: 'server', latencyBound: 9, queries: 298, seed: 1 }, /--queries 298: expected at least 299/],
  [{ latencyBound: 9, seed: 1 }, /--latency-bound: belongs to --scenario server/],
  [{ scenario: 'stream', queries: 400, seed: 1 }, /--queries: belongs to --scenario server/],
  [{ scenario: 'server', latencyBound: 9, fps: 3, seed: 1 }, /--fps: belongs to --scenario stream/],
] as const)('%j is refused', (flags, message) => {
  expect(() => scenarioOf(flags)).toThrow(ProtocolError);
  expect(() => scenarioOf(flags)).toThrow(message);
});

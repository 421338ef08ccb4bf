import { ProtocolError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { settleModeFlags } from '../../src/bench/mode-flags.js';

test('what is not given has the defaults that --help states', () => {
  const { workers, ...others } = settleModeFlags({});
  expect(others).toEqual({ size: ['vga'], rounds: 10, roundMs: 400, images: 200 });
  expect(workers[0]).toBe(1);
  expect(settleModeFlags({ throughput: true, workers: [3], images: 9 })).toMatchObject({ workers: [3], images: 9 });
});

test.each([
  [{ workers: [2] }, /^--workers: belongs to --throughput/],
  [{ images: 9 }, /^--images: belongs to --throughput/],
  [{ scenario: 'stream', workers: [2] }, /^--workers: belongs to --throughput/],
  [{ scenario: 'server', rounds: 3 }, /^--rounds: --scenario has no rounds/],
  [{ throughput: true, size: ['hd'] }, /^--size: --throughput does not read it/],
  [{ throughput: true, rounds: 3 }, /^--rounds: --throughput does not read it/],
  [{ throughput: true, pin: '0' }, /^--pin: --throughput does not read it/],
  [{ throughput: true, queue: 'redis://localhost', workers: [2] }, /^--workers: with --queue/],
] as const)('%j is refused: it would not be read', (flags, message) => {
  expect(() => settleModeFlags(flags)).toThrow(ProtocolError);
  expect(() => settleModeFlags(flags)).toThrow(message);
});

import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { parseMeasurement } from '../../src/gate/latency/parse-measurement.js';
import { parseTimes } from '../../src/gate/latency/parse-times.js';

const outputs = [
  [1, 2, 3.5],
  { total: 12, infer: [1, 2], decode: { median: 3, p10: 2 } },
  { latencyMs: { total: { median: 20, p95: 25 } } },
  { latencyMs: [4, 5] },
  { total: 3, faces: 2, onceMs: { load: 9 }, memoryPeakBytes: 1e6, metrics: { faces: 1 } },
];

describe('parseTimes under fuzzing', () => {
  it('gives times above 0 or DatasetError for mutated output of a measuring command', async () => {
    const texts = outputs.map((output) => `warming up\n${JSON.stringify(output)}\n`);
    await fuzzParser({
      name: 'measured times',
      inputs: fc.oneof(mutatedJson(outputs), mutatedText(texts), mutatedJson([12])),
      parse: (stdout) => {
        for (const ms of parseTimes(stdout, 'command').values()) expect(ms > 0 && Number.isFinite(ms)).toBe(true);
        for (const [key, value] of parseMeasurement(stdout, 'command')) {
          expect(Number.isFinite(value) && (value > 0 || key === 'faces.found')).toBe(true);
        }
      },
      errors: [DatasetError],
      place: 'command',
      seed: 701,
      runs: fuzzRuns(),
    });
  });

  it.each([
    ['a list nested a million deep', `{"total":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
    ['an object nested a million deep', `{"total":${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}}`],
    ['a stage of a million characters', `{"${'k'.repeat(1e6)}":-1}`],
  ])('names %s in a short message', (_, stdout) => {
    expect(() => parseTimes(stdout, 'command')).toThrow(/^command: .{1,200}$/);
  });
});

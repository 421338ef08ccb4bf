import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { PredictionsBuilder } from '../../src/predictions/builder.js';
import { FindingLog } from '../../src/predictions/finding.js';
import { parsePredictionFile, type ReadingRules } from '../../src/predictions/parse-file.js';

const place = 'p/e/a.txt';

/** Parse as one rule set does; every accepted file is one image whose findings are short. */
function parse(bytes: Uint8Array, countLine: ReadingRules['countLine']): void {
  const builder = new PredictionsBuilder();
  const log = new FindingLog();
  parsePredictionFile({ bytes, place, event: 'e', stem: 'a' }, { countLine }, builder, log);
  const { images, start, scores, findings = [] } = builder.build(log.findings());
  expect(images.length).toBe(1);
  expect(start[1]).toBe(scores.length);
  const finite = scores.every(Number.isFinite);
  expect(finite || findings.some(({ code }) => code === 'not-finite' || code === 'emptied')).toBe(true);
  for (const { first } of findings) expect(first.length).toBeLessThan(700);
}

const valid = [
  'a\n2\n1 2 3 4 0.9 \n5 6 7 8.5 0.25\n',
  'e/a.jpg\r\n3\r\n449.5 330.25 122 149 0.99982\r\n-1 2e1 3 4 1e-7\r\n1 1 1 1 0.1 extra\r\n',
];

describe.each(['ignored', 'binding'] as const)('parsePredictionFile under fuzzing, count %s', (countLine) => {
  const target = {
    parse: (input: Uint8Array | string) =>
      parse(typeof input === 'string' ? new TextEncoder().encode(input) : input, countLine),
    errors: [DatasetError],
    place,
    runs: fuzzRuns(),
    // Under a binding count nothing is an error: an image that cannot be read has no detections.
    refusesNothing: countLine === 'binding',
  };

  it('gives detections or DatasetError for mutated bytes', async () => {
    const inputs = mutatedBytes(valid.map((text) => new TextEncoder().encode(text)));
    await fuzzParser({ ...target, name: `predictions (count ${countLine}), bytes`, inputs, seed: 208 });
  });

  it('gives detections or DatasetError for mutated numbers and lines', async () => {
    await fuzzParser({
      ...target,
      name: `predictions (count ${countLine}), text`,
      inputs: mutatedText(valid),
      seed: 209,
    });
  });

  it('gives detections or DatasetError for lines in any order', async () => {
    const field = fc.constantFrom(
      '0',
      '1',
      '-1',
      '0.5',
      '1e400',
      'nan',
      '-inf',
      '',
      'x',
      '9'.repeat(500),
      '0.'.padEnd(30, '3'),
    );
    const line = fc.oneof(
      fc.array(field, { minLength: 4, maxLength: 6 }).map((fields) => fields.join(' ')),
      fc.constantFrom('', ' ', '\t', '1,2,3,4,0.5', '1 2 3 4 0.5', '\r'),
    );
    const start = fc.tuple(
      fc.constantFrom('a', '', ' ', 'b.jpg', '../a'),
      fc.constantFrom('1', '2', '999999999', '-1', 'x', ''),
    );
    const inputs = fc
      .tuple(start, fc.array(line, { maxLength: 5 }))
      .map(([head, lines]) => [...head, ...lines].join('\n'));
    await fuzzParser({ ...target, name: `predictions (count ${countLine}), lines`, inputs, seed: 210 });
  });
});

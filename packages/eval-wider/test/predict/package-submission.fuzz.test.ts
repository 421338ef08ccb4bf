import { DatasetError } from '@retinabench/core';
import { describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { checkSubmission } from '../../src/predict/package-submission.js';

describe('prediction files of a submission under fuzzing', () => {
  it('are as the server reads them, or DatasetError', async () => {
    await fuzzParser({
      name: 'submission file',
      inputs: mutatedText(['a\n2\n1 2 3 4 0.5\n0.5 0.25 2 2 0.125\n', 'a\n0\n', 'a.jpg\r\n1\r\n1 2 3 4 1\r\n']),
      parse: (text) => checkSubmission(text, 'a.txt', '0--Parade/a'),
      errors: [DatasetError],
      place: 'a.txt',
      seed: 321,
      runs: fuzzRuns(),
    });
  });
});

import { ModelError } from '@retinabench/core';
import { describe, test } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { countTfliteParameters, readTflite, writeTflite } from '../../src/index.js';
import { sampleModel } from './sample.js';

const place = 'm.tflite';

describe('readTflite under fuzzing', () => {
  test('gives a model or ModelError for mutated files', async () => {
    const files = [writeTflite(sampleModel), writeTflite({ ...sampleModel, metadata: {} })];
    await fuzzParser({
      name: 'TensorFlow Lite, bytes',
      inputs: mutatedBytes(files),
      parse: (bytes) => countTfliteParameters(readTflite(bytes, place)),
      errors: [ModelError],
      place,
      seed: 319,
      runs: fuzzRuns(),
    });
  });
});

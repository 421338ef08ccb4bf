import { ProtocolError } from '@retinabench/core';
import { describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { parseProjectConfig } from '../../src/config/project-config.js';

const config = {
  data: '../faces',
  models: ['a', 'b.onnx'],
  scales: ['long:640'],
  workers: 2,
  minScore: 0.5,
  gates: 'g.json',
};

describe('retinabench.json under fuzzing', () => {
  it('gives a configuration or ProtocolError for mutated values', async () => {
    await fuzzParser({
      name: 'configuration, values',
      inputs: mutatedJson([config]),
      parse: (json) => parseProjectConfig(json, 'retinabench.json'),
      errors: [ProtocolError],
      place: 'retinabench.json',
      seed: 311,
      runs: fuzzRuns(),
    });
  });

  it('gives the key of package.json or ProtocolError for mutated text', async () => {
    await fuzzParser({
      name: 'configuration, text',
      inputs: mutatedText([JSON.stringify({ name: 'x', retinabench: config })]),
      parse: (json) => parseProjectConfig(json, 'package.json', 'retinabench'),
      errors: [ProtocolError],
      place: 'package.json',
      seed: 312,
      runs: fuzzRuns(),
    });
  });
});

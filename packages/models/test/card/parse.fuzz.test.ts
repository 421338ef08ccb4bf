import { ModelError } from '@retinabench/core';
import { describe, test } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { readTfjsWeights } from '../../src/face-api/read-weights.js';
import { composedForm, parseCard } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const cards = publishedModels.flatMap(({ card }) => [
  card,
  ...(card.decoder === undefined ? [] : [{ ...card, decoder: composedForm(card.decoder) }]),
]);

describe('parseCard under fuzzing', () => {
  const target = {
    parse: (json: string) => parseCard(json, 'm.card.json'),
    errors: [ModelError],
    place: 'm.card.json',
    runs: fuzzRuns(),
  } as const;

  test('gives a card or ModelError for mutated values', async () => {
    await fuzzParser({ ...target, name: 'model card, values', inputs: mutatedJson(cards), seed: 306 });
  });

  test('gives a card or ModelError for mutated text', async () => {
    const texts = cards.map((card) => JSON.stringify(card, null, 1));
    await fuzzParser({ ...target, name: 'model card, text', inputs: mutatedText(texts), seed: 307 });
  });
});

describe('readTfjsWeights under fuzzing', () => {
  const manifest = [
    {
      weights: [
        { name: 'a', shape: [2, 2], dtype: 'float32' },
        { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -1 } },
      ],
    },
  ];
  const data = new Uint8Array(19);

  test('gives tensors or ModelError for mutated manifests', async () => {
    await fuzzParser({
      name: 'weights manifest',
      inputs: mutatedJson([manifest]),
      parse: (json) => readTfjsWeights(json, data, 'model'),
      errors: [ModelError],
      place: 'model',
      seed: 308,
      runs: fuzzRuns(),
    });
  });

  test('gives tensors or ModelError for data of another length', async () => {
    await fuzzParser({
      name: 'weights data',
      inputs: mutatedBytes([data]),
      parse: (bytes) => readTfjsWeights(JSON.stringify(manifest), bytes, 'model'),
      errors: [ModelError],
      place: 'model',
      seed: 309,
      runs: fuzzRuns(),
    });
  });
});

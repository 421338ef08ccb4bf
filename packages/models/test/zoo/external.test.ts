import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { countParameters, readOnnx } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';
import { readShared, sharedPresent } from '../shared.js';

describe.skipIf(!sharedPresent)('published .onnx files (need the shared data folder)', () => {
  test.each(publishedModels.map(({ card, file }) => [card.id, file.name, card] as const))(
    'the card of %s names the hash, tensors and weights of %s',
    (_, file, card) => {
      const bytes = readShared(`models/${file}`);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(card.sha256);
      const { graph } = readOnnx(bytes, file);
      expect(graph.inputs.map(({ name }) => name)).toEqual([card.input.tensor]);
      const named = JSON.stringify([card.decoder ?? '', card.output ?? '']);
      for (const { name } of graph.outputs) expect(named).toContain(JSON.stringify(name).slice(1, -1));
      expect(countParameters(readOnnx(bytes, file))).toBe(card.parameters);
    },
  );
});

import { extractionSettings } from '@retinabench/eval-ijbc';
import { cropPlanOf } from '@retinabench/models';
import { cardDigest, resolveModel } from '@retinabench/models/node';
import type { RunSetup } from '@retinabench/queue';
import { expect, test } from 'vitest';
import { type ExtractionDetails, extractionKind } from '../../src/queue/extraction-kind.js';

test('a worker opens an extraction whose settings it makes itself, and refuses any other, naming both', async () => {
  const { card, bytes } = await resolveModel('face-api-recognition');
  const crop = cropPlanOf(card.input, card.embedding, card.id);
  const settings = extractionSettings({ crop, mirror: true, asked: {} }, { embedder: card });
  const details: ExtractionDetails = {
    backend: 'ort-node',
    threads: 1,
    flip: true,
    roles: ['embedder'],
    cards: [{ card, cardSha256: cardDigest(card) }],
    asked: {},
    settings,
  };
  const setup = { run: '0123456789ab', models: [{ id: card.id }] } as unknown as RunSetup;
  const open = (changed: object) =>
    extractionKind.open({ ...setup, details: { ...details, ...changed } }, async () => bytes);
  expect(await open({})).toMatchObject({ init: { crop, flip: true }, conditions: { backend: { id: 'ort-node' } } });
  for (const changed of [{ flip: false }, { resizeLongPx: 64 }, { settings: { ...settings, alignment: 'other' } }]) {
    await expect(open(changed)).rejects.toThrow(/run 0123456789ab: expected the settings .*, got .* here/);
  }
  // A crop is none of the queue's business.
  await expect(open({ crop: { ...crop, margin: 9 } })).rejects.toThrow('crop');
});

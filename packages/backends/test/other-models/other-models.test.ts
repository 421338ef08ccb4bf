import { describe, expect, test } from 'vitest';
import { sharedPresent } from '../shared.js';
import { agreementWith } from './agreement.js';
import { otherModels } from './cards.js';

/** Images of the twelve with references that each backend runs: the comparison of backends is parity's. */
const imagesOf = { 'ort-node': 12, 'ort-wasm': 2, 'tfjs-wasm': 2 } as const;

describe.skipIf(!sharedPresent).each(Object.entries(imagesOf))(
  'detectors of others on %s (needs the shared data folder)',
  (backend, images) => {
    test.each(otherModels.map((model) => [model.card.id, model] as const))(
      '%s finds the boxes of its independent reference, and no others',
      async (_, model) => {
        const { expected, found, detected } = await agreementWith(model, backend, images);
        expect(expected).toBeGreaterThan(0);
        expect(found / expected).toBeGreaterThanOrEqual(0.995);
        expect(Math.abs(detected - expected)).toBeLessThanOrEqual(0.005 * expected);
      },
      120_000,
    );
  },
);

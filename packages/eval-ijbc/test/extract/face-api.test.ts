import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeImage, loadBackend } from '@retinabench/backends';
import { photographFolder } from '@retinabench/datasets';
import { resolveModel } from '@retinabench/models/node';
import { describe, expect, it } from 'vitest';
import { cropImage } from '../../src/extract/crop-image.js';
import { cutFace } from '../../src/extract/cut-face.js';
import { createEmbedder } from '../../src/extract/embedder.js';
import { centresOfFivePoints, faceApiBox } from '../../src/extract/face-api-box.js';
import { createLandmarker } from '../../src/extract/landmarker.js';
import { tempFolder } from '../temp-files.js';

/** Of a number of a descriptor: the networks agree with the package to 1e-4, the crops are the same pixels. */
const descriptorTolerance = 2e-3;

const golden = JSON.parse(readFileSync(new URL('golden/face-api.json', import.meta.url), 'utf8')) as {
  readonly faces: readonly {
    readonly file: string;
    readonly box: readonly number[];
    readonly square: readonly [number, number, number, number];
    readonly descriptor: readonly number[];
  }[];
};

describe('face-api landmarks, crop and descriptor', () => {
  it("equal the package's own on a face of each of its photographs", async () => {
    const backend = await loadBackend('ort-node');
    const folders = { cacheFolder: await tempFolder(), sharedFolder: '/none' };
    const load = async (id: string) => {
      const { card, bytes } = await resolveModel(id, folders);
      return { card, session: await backend.createSession(bytes, id, { threads: 1 }) };
    };
    const landmarks = await load('face-api-landmark68');
    const recognition = await load('face-api-recognition');
    const landmarker = createLandmarker(landmarks.card, landmarks.session);
    const embedder = await createEmbedder(recognition.card, recognition.session);
    for (const { file, box, square, descriptor } of golden.faces) {
      const image = await decodeImage(path.join(photographFolder(), file), file);
      const found = (await landmarker.locate(image, box))!;
      const { x, y, widthPx, heightPx } = faceApiBox(found.centres, found.found);
      expect([x, y, widthPx, heightPx]).toEqual(square);
      const crop = cutFace(image, { ...found, score: 1, source: 'detected' }, { kind: 'square' })!;
      const [feature] = await embedder.embed([{ crop, mirror: false }]);
      const worst = descriptor.reduce((most, value, i) => Math.max(most, Math.abs(value - feature[i])), 0);
      expect(worst).toBeLessThan(descriptorTolerance);
    }
    await landmarks.session.dispose();
    await recognition.session.dispose();
  });
});

describe('faceApiBox(centres, found)', () => {
  it('is a square of eye-to-mouth distance / 0.45 around the mean of the centres, 43 % from its top', () => {
    // Eyes at (30, 40) and (70, 40), mouth at (50, 80): distance sqrt(20^2 + 40^2) = 44.72, side floor(99.38) = 99;
    // mean (50, 53.33): x = floor(50 - 49.5) = 0, y = floor(53.33 - 42.57) = 10.
    const centres = centresOfFivePoints([30, 40, 70, 40, 50, 60, 40, 78, 60, 82]);
    expect(centres).toEqual([30, 40, 70, 40, 50, 80]);
    expect(faceApiBox(centres, { widthPx: 500, heightPx: 500 })).toEqual({ x: 0, y: 10, widthPx: 99, heightPx: 99 });
    expect(faceApiBox(centres, { widthPx: 80, heightPx: 80 })).toEqual({ x: 0, y: 10, widthPx: 80, heightPx: 90 });
  });
});

describe('cropImage(image, box)', () => {
  const image = { widthPx: 3, heightPx: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i) };

  it('cuts whole pixels, as far as they lie in the image', () => {
    expect([...cropImage(image, { x: 1.9, y: 1, widthPx: 9, heightPx: 9 })!.data]).toEqual([12, 13, 14]);
    expect(cropImage(image, { x: -1, y: 0, widthPx: 2.5, heightPx: 1 })).toMatchObject({ widthPx: 1, heightPx: 1 });
  });

  it('gives none outside the image', () => {
    expect(cropImage(image, { x: 3, y: 0, widthPx: 2, heightPx: 2 })).toBeUndefined();
    expect(cropImage(image, { x: -5, y: 0, widthPx: 2, heightPx: 2 })).toBeUndefined();
  });
});

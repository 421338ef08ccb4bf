import { beforeAll, describe, expect, test } from 'vitest';
import type { ImportedModel } from '../../src/index.js';
import { runOnnx } from '../run-onnx.js';
import { buildById } from './build-by-id.js';
import { goldenImages, sampleInput } from './sample-images.js';

/** Crops of the detected faces, fed at their own size: the graph pads and resizes as the package does. */
const crops = goldenImages.flatMap(({ file, faces }) => faces.map((face) => [file, face] as const));

describe('face-api-landmark68', () => {
  let model: ImportedModel;
  beforeAll(async () => {
    model = await buildById('face-api-landmark68');
  });

  test.each(crops)(
    'puts the 68 points of the face in %s where the package puts them, within 0.05 px',
    async (file, face) => {
      const { landmarks } = await runOnnx(model.onnx, await sampleInput(file, face.crop, 0, 1));
      expect(landmarks!.dims).toEqual([1, 68, 2]);
      const worst = Math.max(...face.landmarks.map((value, at) => Math.abs(value - landmarks!.data[at]!)));
      expect(worst).toBeLessThan(0.05);
    },
  );
});

describe('face-api-recognition', () => {
  let model: ImportedModel;
  beforeAll(async () => {
    model = await buildById('face-api-recognition');
  });

  test.each(crops)('describes the face in %s as the package does, within 1e-4', async (file, face) => {
    const { descriptor } = await runOnnx(model.onnx, await sampleInput(file, face.crop, 0, 1));
    expect(descriptor!.dims).toEqual([1, 128]);
    const worst = Math.max(...face.descriptor.map((value, at) => Math.abs(value - descriptor!.data[at]!)));
    expect(worst).toBeLessThan(1e-4);
  });
});

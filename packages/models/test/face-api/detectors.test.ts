import { beforeAll, describe, expect, test } from 'vitest';
import type { ImportedModel } from '../../src/index.js';
import { embeddedModels } from '../../src/zoo/embedded-models.js';
import { runOnnx } from '../run-onnx.js';
import { buildById } from './build-by-id.js';
import { goldenImages, sampleInput } from './sample-images.js';

/** Issue-level agreement with the package: boxes within a pixel, scores within 0.01; what is reached is far closer. */
const boxTolerancePx = 0.05;
const scoreTolerance = 1e-4;

describe.each([
  { id: 'face-api-ssd-mobilenetv1', key: 'ssd', nmsIou: 0.5 },
  { id: 'face-api-tiny', key: 'tiny', nmsIou: 0.4 },
] as const)('$id', ({ id, key, nmsIou }) => {
  let model: ImportedModel;
  beforeAll(async () => {
    model = await buildById(id);
  });

  test.each(goldenImages.map((image) => [image.file, image] as const))(
    'finds what the package itself finds on %s, and nothing else',
    async (file, image) => {
      const { onnx, card } = model;
      const crop = [0, 0, image.widthPx, image.heightPx] as const;
      const outputs = await runOnnx(onnx, await sampleInput(file, crop, card.input.mean[0], card.input.scale[0]));
      const found = suppress(detections(outputs.scores!.data, outputs.boxes!.data, 0.1), nmsIou);
      const expected = image[key];
      expect(found.length).toBe(expected.length);
      for (const [index, [score, ...box]] of expected.entries()) {
        expect(Math.abs(found[index]!.score - score!)).toBeLessThan(scoreTolerance);
        for (const [corner, value] of box.entries()) {
          expect(Math.abs(found[index]!.box[corner]! - value)).toBeLessThan(boxTolerancePx);
        }
      }
    },
  );
});

test('the embedded networks have as many parameters as their layers by hand', async () => {
  // Tiny: 27 x 16 + 16; then 9 in + in x out + out for 16-32-64-128-256-512; then 512 x 25 + 25.
  //   448 + 688 + 2,400 + 8,896 + 34,176 + 133,888 + 12,825 = 193,321.
  expect((await buildById('face-api-tiny')).card.parameters).toBe(193_321);
  expect(embeddedModels.map(({ card }) => card.id)).toContain('face-api-ssd-mobilenetv1');
});

interface Detection {
  readonly score: number;
  readonly box: readonly number[];
}

function detections(scores: Float32Array, boxes: Float32Array, floor: number): Detection[] {
  return [...scores]
    .map((score, index) => ({ score, box: [...boxes.subarray(index * 4, index * 4 + 4)] }))
    .filter(({ score }) => score > floor)
    .sort((a, b) => b.score - a.score);
}

function suppress(sorted: readonly Detection[], nmsIou: number): Detection[] {
  const kept: Detection[] = [];
  for (const one of sorted) if (kept.every((other) => iou(one.box, other.box) <= nmsIou)) kept.push(one);
  return kept;
}

function iou(a: readonly number[], b: readonly number[]): number {
  const area = (box: readonly number[]): number => (box[2]! - box[0]!) * (box[3]! - box[1]!);
  const width = Math.max(0, Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!));
  const height = Math.max(0, Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!));
  return (width * height) / (area(a) + area(b) - width * height);
}

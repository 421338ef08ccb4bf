import { anchorPresets, countAnchors } from '@retinabench/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { RandomSource } from '../../src/graph/random-source.js';
import { buildRandom } from '../../src/import/build-random.js';
import { countMultiplyAdds, findArchitecture, type ImportedModel, type OnnxModel, readOnnx } from '../../src/index.js';
import { platformSha256 } from '../../src/node/sha256.js';
import { inferShapes } from '../../src/onnx/infer-shapes.js';
import { runOnnx } from '../run-onnx.js';

/** Weights of a context module at 256 channels: 3 x 3 convolutions 256-128, 256-64, three of 64-64, with 2 per channel of norm. */
const contextModule = 9 * (256 * 128 + 256 * 64 + 3 * 64 * 64) + 2 * (128 + 4 * 64);

describe('retinaface-resnet50', () => {
  let model: ImportedModel;
  beforeAll(() => {
    model = buildRandom('retinaface-resnet50', 1, platformSha256);
  });

  test('has the 27,293,600 parameters that its layers give by hand', () => {
    // torchvision's ResNet-50 has 25,557,032, of which its classifier 2,048 x 1,000 + 1,000.
    const body = 25_557_032 - 2_049_000;
    const laterals = (512 + 1024 + 2048) * 256 + 3 * 512;
    const merges = 2 * (9 * 256 * 256 + 512);
    const heads = 3 * (256 * (4 + 8 + 20) + 32);
    expect(body + laterals + merges + 3 * contextModule + heads).toBe(27_293_600);
    expect(model.card.parameters).toBe(27_293_600);
  });

  test('its body takes the 4,087,136,256 multiply-adds that fvcore counts for ResNet-50 at 224 x 224', () => {
    // fvcore: 4,089,184,256 with the classifier's 2,048,000.
    const { byNode } = countMultiplyAdds(readOnnx(model.onnx, 'model'), [1, 3, 224, 224]);
    const body = [...byNode].filter(([name]) => name.startsWith('body.')).reduce((sum, [, count]) => sum + count, 0);
    expect(body).toBe(4_089_184_256 - 2_048_000);
  });

  test('gives as many anchors as its layout lays, all near the prior, none not a number', async () => {
    const outputs = await runOnnx(model.onnx, { dims: [1, 3, 64, 96], data: new Float32Array(3 * 64 * 96).fill(20) });
    expect(outputs.scores!.dims).toEqual([1, countAnchors(anchorPresets.mnet025, 96, 64), 2]);
    for (const values of [outputs.scores!, outputs.boxes!, outputs.landmarks!]) {
      expect(values.data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('retinaface-resnet152', () => {
  const source = new RandomSource(1);
  let model: OnnxModel;
  beforeAll(() => {
    model = findArchitecture('retinaface-resnet152').build(source);
  });

  test('has the 68,399,984 parameters that its layers give by hand, the heads counted once', () => {
    // torchvision's ResNet-152 has 60,192,808, of which its classifier 2,049,000.
    const body = 60_192_808 - 2_049_000;
    const laterals = (256 + 512 + 1024 + 2048) * 256 + 4 * 512;
    const coarsest = 9 * 2048 * 256 + 512;
    const merges = 3 * (9 * 256 * 256 + 512);
    const heads = 256 * 3 * (2 + 4 + 10) + 3 * 16;
    expect(body + laterals + coarsest + merges + 5 * contextModule + heads).toBe(68_399_984);
    expect(source.parameters).toBe(68_399_984);
  });

  test("covers the paper's 102,300 anchors at 640 x 640, and its heads take 256 x 48 multiply-adds a cell", () => {
    expect(inferShapes(model, [1, 3, 640, 640]).get('scores')).toEqual([1, 102_300, 2]);
    const { byNode } = countMultiplyAdds(model, [1, 3, 640, 640]);
    const heads = [...byNode].filter(([name]) => name.startsWith('heads.')).reduce((sum, [, count]) => sum + count, 0);
    expect(heads).toBe((102_300 / 3) * 256 * 48);
  });
});

test('RandomSource gives the same weights for the same seed, others for another, within the bound of their inputs', () => {
  const take = (seed: number): Float32Array => new RandomSource(seed).take('w', [8, 4, 3, 3], 'weight');
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  // 36 inputs: uniform within sqrt(6 / 36), and of mean near 0 (standard error 0.236 / sqrt(288) = 0.014).
  expect(take(7).every((value) => Math.abs(value) <= Math.sqrt(6 / 36))).toBe(true);
  expect(Math.abs(take(7).reduce((sum, value) => sum + value, 0) / 288)).toBeLessThan(0.05);
});

import { anchorPresets, countAnchors, ModelError, sha256Hex } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import {
  architectureIds,
  assertCard,
  findArchitecture,
  type ImportedModel,
  withDenseHead,
  writeOnnx,
} from '../../src/index.js';
import { runOnnx } from '../run-onnx.js';
import { RandomSource } from './random-source.js';

function randomModel(id: string): ImportedModel {
  const { card, build } = findArchitecture(id);
  const source = new RandomSource();
  const onnx = writeOnnx(build(source));
  return { onnx, card: { schemaVersion: 1, ...card, sha256: sha256Hex(onnx), parameters: source.parameters } };
}

const input = {
  dims: [1, 3, 64, 96],
  data: Float32Array.from({ length: 3 * 64 * 96 }, (_, at) => ((at * 37) % 255) - 110),
};

describe('withDenseHead', () => {
  test.each(architectureIds)('%s: adds 144 numbers an anchor and changes nothing else', async (id) => {
    const base = randomModel(id);
    const dense = withDenseHead(base, 7);
    const [before, after] = [await runOnnx(base.onnx, input), await runOnnx(dense.onnx, input)];
    for (const name of ['scores', 'boxes', 'landmarks']) expect(after[name]).toEqual(before[name]);
    const { decoder } = dense.card;
    if (decoder?.kind !== 'retinaface') throw new Error('not a RetinaFace card');
    const anchors = countAnchors(anchorPresets[decoder.anchors], 96, 64);
    expect(after.dense.dims).toEqual([1, anchors, 144]);
    expect(after.dense.data.every(Number.isFinite)).toBe(true);
    // P_cam looks from about a metre with a focal length near 3.5 crop heights: the biases.
    expect(after.dense.data[128 + 6]).toBeGreaterThan(2.5);
    expect(after.dense.data[128 + 2]).toBeGreaterThan(80);
    expect(() => assertCard(dense.card, 'card')).not.toThrow();
  });

  test('counts its parameters: 64 channels x 288 + 288 on each of three maps', () => {
    // Two anchors a cell: 288 outputs, 64 x 288 weights + 288 biases = 18,720 a level, 56,160 in all.
    const base = randomModel('retinaface-mnet025');
    const { card } = withDenseHead(base, 7);
    expect(card.parameters - base.card.parameters).toBe(56_160);
    expect(card.id).toBe('retinaface-mnet025-dense');
  });

  test('gives the same bytes for a seed, others for another', () => {
    const base = randomModel('retinaface-mnet025');
    const [first, again, other] = [7, 7, 8].map((seed) => withDenseHead(base, seed));
    expect(first.card).toEqual(again.card);
    expect(sha256Hex(again.onnx)).toBe(first.card.sha256);
    expect(other.card.sha256).not.toBe(first.card.sha256);
  });

  test('refuses a model that has one, that is no RetinaFace, or whose heads it cannot find', () => {
    const base = randomModel('retinaface-1mb-slim');
    expect(() => withDenseHead(withDenseHead(base, 1), 1)).toThrow(ModelError);
    const { decoder: _, ...rest } = base.card;
    expect(() => withDenseHead({ ...base, card: rest }, 1)).toThrow(/expected a RetinaFace/);
    const elsewhere = { kind: 'retinaface', outputs: { scores: 'input', boxes: 'boxes' } } as const;
    const card = {
      ...base.card,
      decoder: { ...elsewhere, anchors: 'slim', variances: [0.1, 0.2], softmaxApplied: false },
    } as const;
    expect(() => withDenseHead({ ...base, card }, 1)).toThrow(/got no node/);
  });
});

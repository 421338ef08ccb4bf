import { anchorPresets, countAnchors, ModelError, sha256Hex } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { colourPyramid } from '../../src/dense-head/colour-pyramid.js';
import { randomDenseWeights } from '../../src/dense-head/dense-head.js';
import {
  architectureIds,
  assertCard,
  exposeValues,
  findArchitecture,
  GraphBuilder,
  headMaps,
  type ImportedModel,
  networkFingerprint,
  readOnnx,
  readTrainedHead,
  withDenseHead,
  writeOnnx,
  writeTrainedHead,
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

  test('carries a trained head: each number is its bias and the weighted features of the map', async () => {
    const base = randomModel('retinaface-mnet025');
    const graph = readOnnx(base.onnx, 'base');
    const maps = headMaps(graph, 'scores', 'base');
    // Halves and quarters, which half precision holds exactly.
    const levels = maps.map(({ channels, anchorsPerCell }, level) => ({
      dims: [144 * anchorsPerCell, channels, 1, 1] as const,
      weight: Float32Array.from({ length: 144 * anchorsPerCell * channels }, (_, at) => ((at % 5) - 2) / 4),
      bias: Float32Array.from({ length: 144 * anchorsPerCell }, (_, at) => at / 8 + level),
    }));
    const fingerprint = networkFingerprint(graph, 'scores', 'base');
    const colours = levels.map(({ dims }) =>
      Float32Array.from({ length: dims[0] * 27 }, (_, at) => ((at % 7) - 3) / 512),
    );
    // Three hidden units an anchor.
    const units = 3;
    const hidden = levels.map(({ dims: [outputs, inputs] }, level) => ({
      features: {
        dims: [2 * units, inputs, 1, 1] as const,
        weight: Float32Array.from({ length: 2 * units * inputs }, (_, at) => ((at % 3) - 1) / 8),
        bias: Float32Array.from({ length: 2 * units }, (_, at) => at - 2 + level),
      },
      colour: Float32Array.from({ length: 2 * units * 27 }, (_, at) => ((at % 5) - 2) / 1024),
      out: Float32Array.from({ length: outputs * units }, (_, at) => ((at % 9) - 4) / 16),
    }));
    const written = {
      title: 'a head',
      licence: 'MIT',
      base: 'b',
      fingerprint,
      frame: 'face',
      levels,
      colours,
      hidden,
    } as const;
    const head = readTrainedHead(writeTrainedHead(written), 'head');
    expect(head).toEqual(written);
    const { onnx, card } = withDenseHead(base, head);
    expect(card.decoder).toMatchObject({ outputs: { dense: 'dense' }, denseFrame: 'face' });
    expect(card.title).toContain('a head');
    expect(assertCard(card, 'card')).toEqual(card);
    // Of each of three maps, 6 hidden units: 64 + 27 weights and a bias each, and 3 of them to each of 288 numbers.
    expect(card.parameters - base.card.parameters).toBe(56_160 + 3 * 2 * 144 * 27 + 3 * (6 * (64 + 27 + 1) + 288 * 3));
    const exposed = writeOnnx(exposeValues(readOnnx(onnx, 'dense'), [maps[1].map, 'dense.colour.16']));
    const outputs = await runOnnx(exposed, input);
    const [features, dense, means] = [outputs[maps[1].map], outputs.dense, outputs['dense.colour.16']];
    expect(means.dims).toEqual([1, 3, 4, 6]);
    // 64 x 96: 8 x 12 cells of two anchors at stride 8, then 4 x 6 at stride 16. Cell (2, 3) of the second map, anchor 1.
    const [row, column, anchor] = [2, 3, 1];
    const at = (8 * 12 * 2 + (row * 6 + column) * 2 + anchor) * 144;
    const linear = (bias: number, weight: Float32Array, colour: Float32Array, channel: number): number => {
      let sum = bias;
      for (let c = 0; c < 64; c++) sum += weight[channel * 64 + c] * features.data[(c * 4 + row) * 6 + column];
      // Anchors of 128 px at stride 16: colours two cells apart; what lies outside counts as zero.
      for (let at = 0; at < 27; at++) {
        const [plane, y, x] = [
          Math.floor(at / 9),
          row + 2 * ((Math.floor(at / 3) % 3) - 1),
          column + 2 * ((at % 3) - 1),
        ];
        if (y < 0 || y >= 4 || x < 0 || x >= 6) continue;
        sum += colour[channel * 27 + at] * means.data[(plane * 4 + y) * 6 + x];
      }
      return sum;
    };
    const { features: unit, colour, out } = hidden[1];
    const rectified = Array.from({ length: units }, (_, k) => anchor * units + k).map((channel) =>
      Math.max(0, linear(unit.bias[channel], unit.weight, colour, channel)),
    );
    expect(rectified.some((value) => value > 0)).toBe(true);
    for (const value of [0, 77, 143]) {
      const channel = anchor * 144 + value;
      let sum = linear(levels[1].bias[channel], levels[1].weight, colours[1], channel);
      rectified.forEach((given, k) => {
        sum += out[channel * units + k] * given;
      });
      expect(dense.data[at + value]).toBeCloseTo(sum, 3);
    }
  });

  test('averages colours around the middle of cells, on inputs of any side', async () => {
    const base = randomModel('retinaface-mnet025');
    const graph = readOnnx(base.onnx, 'base');
    const builder = new GraphBuilder('colours');
    const [map] = colourPyramid(builder, 'input', [2]);
    const nodes = [...graph.graph.nodes, ...builder.build().graph.nodes];
    const exposed = writeOnnx(exposeValues({ ...graph, graph: { ...graph.graph, nodes } }, [map]));
    // 33 x 35: every pixel is its column. Cells hold columns 2 i and 2 i + 1, the window 2 i - 1 to 2 i + 2: its mean is
    // 2 i + 0.5; the first has lost column -1, the last (34) sees 33 and 34 alone.
    const [height, width] = [33, 35];
    const data = Float32Array.from({ length: 3 * height * width }, (_, at) => at % width);
    const { [map]: means, scores } = await runOnnx(exposed, { dims: [1, 3, height, width], data });
    expect(means.dims).toEqual([1, 3, 17, 18]);
    expect([...means.data.slice(0, 3), means.data[17]]).toEqual([1, 2.5, 4.5, 33.5]);
    expect(scores.dims[1]).toBe(countAnchors(anchorPresets.mnet025, width, height));
  });

  test('refuses a trained head on another network, and a file that holds none', () => {
    const base = randomModel('retinaface-mnet025');
    const maps = headMaps(readOnnx(base.onnx, 'base'), 'scores', 'base');
    const levels = randomDenseWeights(maps, 1);
    const text = { title: 'a head', licence: 'MIT', base: 'retinaface-mnet025', frame: 'face' } as const;
    const other = { ...text, fingerprint: '0'.repeat(64), levels };
    expect(() => withDenseHead(base, other)).toThrow(/expected the network that the dense head was trained on/);
    const forced = withDenseHead(base, other, { force: true });
    expect(forced.card.title).toContain('a head that belongs to another network (retinaface-mnet025)');
    // A map less: another shape, which nothing forces.
    const shorter = { ...other, levels: levels.slice(1) };
    expect(() => withDenseHead(base, shorter, { force: true })).toThrow(
      /expected a dense head of 64 to 288, 64 to 288, 64 to 288 numbers, got one of 64 to 288, 64 to 288, trained on/,
    );
    const bytes = writeTrainedHead(other);
    expect(() => readTrainedHead(bytes.slice(0, 100), 'head')).toThrow(ModelError);
    expect(() => readTrainedHead(writeTrainedHead({ ...other, levels: [] }), 'head')).toThrow(/dense\.0\.weight/);
    const wrong = [{ ...levels[0], bias: new Float32Array(7) }];
    expect(() => readTrainedHead(writeTrainedHead({ ...other, levels: wrong }), 'head')).toThrow(/as many biases/);
    const lost = [{ ...levels[0], bias: levels[0].bias.fill(Number.NaN) }];
    expect(() => readTrainedHead(writeTrainedHead({ ...other, levels: lost }), 'head')).toThrow(/finite/);
    // Two hidden units for 288 numbers of two anchors are one each: out has 288 numbers, not 7.
    const dims = [2, 64, 1, 1] as const;
    const features = { dims, weight: new Float32Array(128), bias: new Float32Array(2) };
    const hidden = randomDenseWeights(maps, 1).map(() => ({ features, out: new Float32Array(288 * 2) }));
    const sound = { ...other, levels: randomDenseWeights(maps, 1), hidden };
    expect(() => readTrainedHead(writeTrainedHead(sound), 'head')).toThrow(/hidden\.out: expected \[288, 1\]/);
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadBackend } from '@retinabench/backends';
import { type MultiTaskLoss, ProtocolError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resume, saveCheckpoint } from '../src/checkpoint.js';
import { exportModel } from '../src/export.js';
import { toTensor } from '../src/filter-layout.js';
import { everyLayer, networkLayers } from '../src/layers.js';
import { Network } from '../src/network.js';
import { type Parameter, Parameters } from '../src/parameters.js';
import { openPhotographs, type Photographs } from '../src/photographs.js';
import { type Recipe, Trainer } from '../src/trainer.js';
import { engines, useEngine } from './engines.js';

const folder = mkdtempSync(path.join(tmpdir(), 'retinabench-train-'));
/** A quarter of the channels on small crops: seconds, not hours. */
const recipe: Recipe = { width: 0.25, sidePx: 64, batch: 2, steps: 200, rate: 4e-3, seed: 3 };
let photographs: Photographs;

/** The first photographs of the embedded set, decoded once. */
async function fewPhotographs(count: number): Promise<Photographs> {
  const all = await openPhotographs(undefined, undefined, (name) => name.startsWith('0--Portrait'));
  const decoded = await Promise.all(Array.from({ length: count }, (_, index) => all.load(index)));
  return { count, load: async (index) => decoded[index] };
}

beforeAll(async () => {
  photographs = await fewPhotographs(3);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(engines)('Trainer on %s', (engine) => {
  beforeAll(() => useEngine(engine));

  // The native library takes longer on crops as small as these.
  test.runIf(engine === 'wasm' || process.env.RETINABENCH_TRAIN === 'all')(
    `lowers every term of the loss in 200 steps${engine === 'wasm' ? '' : ' (skipped without RETINABENCH_TRAIN=all)'}`,
    async () => {
      const trainer = new Trainer(recipe, photographs);
      const losses: MultiTaskLoss[] = [];
      while (trainer.step < recipe.steps) losses.push(await trainer.advance());
      const mean = (term: 'total' | 'classification' | 'box' | 'landmark', from: number, to: number): number =>
        losses.slice(from, to).reduce((sum, loss) => sum + loss[term], 0) / (to - from);
      for (const term of ['total', 'classification', 'box', 'landmark'] as const) {
        expect(mean(term, 175, 200), term).toBeLessThan(0.7 * mean(term, 0, 25));
      }
    },
    600_000,
  );

  test('goes on from a checkpoint as if it had not stopped', async () => {
    const file = path.join(folder, 'checkpoint.safetensors');
    const whole = new Trainer(recipe, photographs);
    const straight: number[] = [];
    for (let step = 0; step < 6; step++) straight.push((await whole.advance()).total);
    const first = new Trainer(recipe, photographs);
    for (let step = 0; step < 3; step++) expect((await first.advance()).total).toBe(straight[step]);
    saveCheckpoint(file, first);
    const second = new Trainer(recipe, photographs);
    expect(resume(file, second)).toBe(true);
    for (let step = 3; step < 6; step++) expect((await second.advance()).total).toBe(straight[step]);
    expect(second.parameters.statistics).toEqual(whole.parameters.statistics);
    expect(() => resume(file, new Trainer({ ...recipe, rate: 1e-3 }, photographs))).toThrow(ProtocolError);
    expect(resume(path.join(folder, 'none'), second)).toBe(false);
  });

  test.runIf(engine !== 'wasm')('takes the steps that it takes on WebAssembly (needs another engine)', async () => {
    const losses = async (name: string): Promise<number[]> => {
      await useEngine(name);
      const trainer = new Trainer(recipe, photographs);
      const totals: number[] = [];
      while (trainer.step < 3) totals.push((await trainer.advance()).total);
      return totals;
    };
    const [expected, found] = [await losses('wasm'), await losses(engine)];
    // Sums in another order, through three steps of Adam.
    found.forEach((total, step) => {
      expect(Math.abs(total / expected[step] - 1), `step ${step}`).toBeLessThan(1e-3);
    });
  });

  test('leaks no tensor', async () => {
    const trainer = new Trainer(recipe, photographs);
    await trainer.advance();
    const before = tf.memory().numTensors;
    await trainer.advance();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(engines)('exportModel of %s', (engine) => {
  beforeAll(() => useEngine(engine));

  test('computes what the network in training does, where the running statistics are those of the batch', async () => {
    const sidePx = 64;
    const layers = networkLayers(1);
    const parameters = new Parameters(everyLayer(layers), 5);
    // The parameters of the public MobileNet-0.25: 426,608 in the published checkpoint.
    expect(parameters.parameters).toBe(426_608);
    const pixels = Float32Array.from({ length: 2 * sidePx * sidePx * 3 }, (_, at) => 60 * Math.sin(at * at));
    const outputs = tf.tidy(() => {
      const weights = new Map([...parameters.trained].map(([name, parameter]) => [name, toTensor(parameter)]));
      const network = new Network(layers, weights, (norm, { mean, variance }) => {
        const statistic = (name: string): Parameter => parameters.statistics.get(`${norm}.${name}`) as Parameter;
        statistic('running_mean').values.set(mean.dataSync());
        statistic('running_var').values.set(variance.dataSync());
        tf.dispose([mean, variance]);
      });
      const { logits, boxes, landmarks } = network.apply(tf.tensor4d(pixels, [2, sidePx, sidePx, 3]));
      return { scores: logits.dataSync(), boxes: boxes.dataSync(), landmarks: landmarks.dataSync() };
    });
    const { onnx } = exportModel(parameters, 'test', 0);
    const backend = await loadBackend('ort-node');
    const session = await backend.createSession(onnx, 'exported', { threads: 1 });
    const planes = new Float32Array(pixels.length);
    const plane = sidePx * sidePx;
    for (let at = 0; at < pixels.length; at++) {
      const [cell, channel] = [Math.floor(at / 3), at % 3];
      planes[(Math.floor(cell / plane) * 3 + channel) * plane + (cell % plane)] = pixels[at];
    }
    const exported = await session.run({ input: { data: planes, dims: [2, 3, sidePx, sidePx] } });
    for (const name of ['scores', 'boxes', 'landmarks'] as const) {
      const largest = exported[name].data.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - outputs[name][at])),
        0,
      );
      expect(largest, name).toBeLessThan(1e-3);
    }
    await session.dispose();
  });
});

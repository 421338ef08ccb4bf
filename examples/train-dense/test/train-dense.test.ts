import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  cameraFrame,
  type FloatArray,
  ProtocolError,
  projectToPixels,
  Renderer,
  seededRandom,
  startIllumination,
  toCameraSpace,
} from '@retinabench/core';
import { afterAll, describe, expect, test } from 'vitest';
import { resume, saveCheckpoint } from '../src/checkpoint.js';
import { exportHead } from '../src/export-head.js';
import { loadFaceModel } from '../src/face-model.js';
import { colourInputs } from '../src/feature-network.js';
import { featureSpace, featuresIn } from '../src/feature-space.js';
import { applyHead, headGradient, outputs, parameterNames, zeroHead, zeroParameters } from '../src/head.js';
import { lightOfFace } from '../src/light-of-face.js';
import { ridge } from '../src/ridge.js';
import { cropPx, emptySamples, type Samples } from '../src/samples.js';
import { defaultRecipe, type Recipe, type StepValue, Trainer } from '../src/trainer.js';
import { whiten, whitened } from '../src/whitening.js';

const folder = mkdtempSync(path.join(tmpdir(), 'retinabench-train-dense-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = loadFaceModel();
const channels = 6;
const inputs = channels + colourInputs;
/** Two anchor sizes on the first map, one on the second, which no sample has. */
const levelOfHead = [0, 0, 1];

/**
 * Renders of the face model whose features say, mixed and badly scaled, what was rendered: yaw, pitch, two numbers of P_ST
 * and the brightness of the light. A linear head can learn them.
 */
function renderedSamples(count: number, seed: number): Samples {
  const random = seededRandom(seed);
  const samples = emptySamples(count, inputs);
  const size = { widthPx: cropPx, heightPx: cropPx };
  const renderer = new Renderer(model.triangles, model.decoder.vertexCount, size, { culling: 'back' });
  for (let row = 0; row < count; row++) {
    const causes = Array.from({ length: 5 }, () => 2 * random() - 1);
    const [yaw, pitch, first, second, light] = causes;
    const latent = new Float32Array(128);
    latent.set([2 * first, 2 * second]);
    const vertices = model.decoder.decode(latent).slice();
    const camera = [100 * Math.sin(0.5 * yaw), 1 + 20 * pitch, 8 + 100 * Math.cos(0.5 * yaw), 0, 1, 8, 3.5];
    const illumination = startIllumination.map((value, at) => (at < 3 ? value : value * (1 + 0.6 * light)));
    const image = renderer.render(vertices, Float64Array.from(camera), Float64Array.from(illumination));
    const bytes = Uint8Array.from(image, (value) => 255 * Math.min(1, Math.max(0, value)));
    samples.crops.set(bytes, row * bytes.length);
    samples.landmarks.set(projected(vertices, camera), row * 10);
    samples.heads[row] = row % 2;
    for (let colour = 0; colour < 27; colour++)
      samples.features[row * inputs + channels + colour] = 60 * light + random();
    for (let channel = 0; channel < channels; channel++) {
      const mixed = causes.reduce((sum, cause, at) => sum + cause * Math.sin(1 + channel * 5 + at), 0);
      samples.features[row * inputs + channel] = 10 ** (channel - 3) * (mixed + 3);
    }
  }
  return samples;
}

function projected(vertices: FloatArray, camera: readonly number[]): number[] {
  const { decoder, landmarks } = model;
  const frame = cameraFrame(Float64Array.from(camera));
  const points = toCameraSpace(vertices, frame, new Float64Array(decoder.vertexCount * 3));
  const unit = { widthPx: 1, heightPx: 1 };
  const places = projectToPixels(points, camera[6], unit, new Float64Array(decoder.vertexCount * 2));
  return landmarks.flatMap((vertex) => [places[vertex * 2], places[vertex * 2 + 1]]);
}

const samples = renderedSamples(80, 3);
const space = featureSpace(samples, levelOfHead);
const features = featuresIn(space, samples);
const recipe: Recipe = {
  ...defaultRecipe,
  landmarks: { steps: 100, batch: 40, rate: 0.05 },
  lightSamples: 80,
  all: { steps: 100, batch: 6, rate: 0.02 },
  ...{ seed: 5, hidden: 0 },
};
const newTrainer = (changed = {}): Trainer =>
  new Trainer({ ...recipe, ...changed }, model, levelOfHead.length, samples, features);

describe('Trainer', () => {
  const trainer = newTrainer();
  const values: StepValue[] = [];

  test('lowers landmark term and equation 3 in 200 steps', () => {
    while (trainer.step < 200) values.push(trainer.advance());
    const mean = (term: 'pixel' | 'landmark', from: number, to: number): number =>
      values.slice(from, to).reduce((sum, value) => sum + value[term], 0) / (to - from);
    expect(values.every(({ lost }) => lost === 0)).toBe(true);
    // The mean face cannot have the landmarks of the others: part of the term is shape, which the second stage moves.
    expect(mean('landmark', 90, 100)).toBeLessThan(0.5 * mean('landmark', 0, 3));
    expect(mean('landmark', 190, 200)).toBeLessThan(mean('landmark', 90, 100));
    expect(mean('pixel', 190, 200)).toBeLessThan(0.8 * mean('pixel', 100, 103));
  });

  const units = 6;
  const bent = newTrainer({ hidden: units });

  test('hidden units bring the landmarks nearer than a linear head does in as many steps', () => {
    const reached = (): number => {
      const last: StepValue[] = [];
      while (bent.step < 100) last.push(bent.advance());
      return last.slice(90).reduce((sum, { landmark }) => sum + landmark / 10, 0);
    };
    const linear = values.slice(90, 100).reduce((sum, { landmark }) => sum + landmark / 10, 0);
    expect(reached()).toBeLessThan(0.7 * linear);
  });

  test('exports convolutions that give what the head gives; an anchor size without samples has those of its neighbour', () => {
    const { levels, colours, hidden } = exportHead(bent.head, space, [40, 0, 0]);
    const [level, empty] = levels;
    expect(level.dims).toEqual([2 * outputs, channels, 1, 1]);
    expect(colours[0]).toHaveLength(2 * outputs * 27);
    const [given, row] = [new Float64Array(outputs), 4];
    applyHead(bent.head, 0, features.subarray(row * inputs, (row + 1) * inputs), given);
    const linear = (bias: number, weight: Float32Array, colour: Float32Array, o: number): number => {
      let sum = bias;
      for (let channel = 0; channel < channels; channel++) {
        sum += weight[o * channels + channel] * samples.features[row * inputs + channel];
      }
      for (let at = 0; at < 27; at++) sum += colour[o * 27 + at] * samples.features[row * inputs + channels + at];
      return sum;
    };
    const [{ features: unit, colour, out }] = hidden ?? [];
    const rectified = Array.from({ length: units }, (_, k) =>
      Math.max(0, linear(unit.bias[k], unit.weight, colour as Float32Array, k)),
    );
    expect(rectified.some((value) => value > 0)).toBe(true);
    for (let o = 0; o < outputs; o += 7) {
      let sum = linear(level.bias[o], level.weight, colours[0], o);
      rectified.forEach((value, k) => {
        sum += out[o * units + k] * value;
      });
      expect(sum).toBeCloseTo(given[o], 2);
    }
    expect(out.slice(outputs * units)).toEqual(out.slice(0, outputs * units));
    expect(exportHead(trainer.head, space, [40, 0, 0]).hidden).toBeUndefined();
    expect(level.weight.slice(outputs * channels)).toEqual(level.weight.slice(0, outputs * channels));
    // The second map has no sample: its head gives the mean face under the first camera and light.
    expect(empty.weight.every((value) => value === 0)).toBe(true);
    expect(empty.bias[outputs - 1]).toBeCloseTo(0.5, 6);
  });
});

test('headGradient is that of central differences, in every parameter; a head of no hidden units is linear', () => {
  const random = seededRandom(4);
  const wave = (length: number): Float64Array => Float64Array.from({ length }, () => 2 * random() - 1);
  const head = zeroHead(
    { heads: 2, inputs: 5, hidden: 3 },
    Float64Array.from(wave(outputs), (v) => 1 + v / 2),
    1,
  );
  for (const name of parameterNames) head[name].set(wave(head[name].length));
  const [seen, slopes, given] = [Float32Array.from(wave(5)), wave(outputs), new Float64Array(outputs)];
  const along = (): number => {
    applyHead(head, 1, seen, given);
    return given.reduce((sum, value, o) => sum + value * slopes[o], 0);
  };
  const gradient = zeroParameters(head.shape);
  headGradient(head, 1, seen, slopes, gradient);
  for (const name of parameterNames) {
    for (let at = 0; at < head[name].length; at += Math.max(1, Math.floor(head[name].length / 40))) {
      const kept = head[name][at];
      head[name][at] = kept + 0.0625;
      const above = along();
      head[name][at] = kept - 0.0625;
      const slope = (above - along()) / 0.125;
      head[name][at] = kept;
      // Float32 parameters, and sums of 144 numbers of order 1.
      expect(Math.abs(slope - gradient[name][at]), `${name} ${at}`).toBeLessThan(2e-3 * (1 + Math.abs(slope)));
    }
  }
  const plain = zeroHead({ heads: 1, inputs: 5, hidden: 0 }, new Float64Array(outputs).fill(1), 1);
  plain.bias.fill(2);
  applyHead(plain, 0, seen, given);
  expect([...given]).toEqual(new Array(outputs).fill(2));
});

test('a training goes on from a checkpoint as if it had not stopped, and refuses that of another recipe', () => {
  const file = path.join(folder, 'checkpoint.safetensors');
  const shown = {
    landmarks: { steps: 3, batch: 4, rate: 0.03 },
    lightSamples: 4,
    all: { steps: 3, batch: 2, rate: 0.03 },
  };
  const whole = newTrainer(shown);
  const straight = Array.from({ length: 6 }, () => whole.advance().total);
  const first = newTrainer(shown);
  for (let step = 0; step < 4; step++) expect(first.advance().total).toBe(straight[step]);
  saveCheckpoint(file, first, 'test');
  const second = newTrainer(shown);
  expect(resume(file, second, 'test')).toBe(true);
  for (let step = 4; step < 6; step++) expect(second.advance().total).toBe(straight[step]);
  expect(() => resume(file, newTrainer({ ...shown, seed: 6 }), 'test')).toThrow(ProtocolError);
  expect(() => resume(file, newTrainer(shown), 'other samples')).toThrow(ProtocolError);
  expect(resume(path.join(folder, 'none'), second, 'test')).toBe(false);
});

test('whitened features have mean 0 and unit covariance; what hardly varies is damped, never blown up', () => {
  const random = seededRandom(9);
  const size = 4;
  const rows = new Float32Array(500 * size);
  for (let row = 0; row < 500; row++) {
    const [a, b] = [random(), random()];
    rows.set([2 * a, a + b, 5 - b, 1e-4 * random()], row * size);
  }
  const out = whitened(whiten(rows, size), rows);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let [mean, product] = [0, 0];
      for (let row = 0; row < 500; row++) {
        mean += out[row * size + i] / 500;
        product += (out[row * size + i] * out[row * size + j]) / 500;
      }
      expect(mean).toBeCloseTo(0, 3);
      if (i !== j) expect(Math.abs(product)).toBeLessThan(0.05);
      else if (i === 3) expect(product).toBeLessThan(0.01);
      else expect(product).toBeLessThan(1.001);
    }
  }
});

test('lightOfFace finds the light of a render', () => {
  const size = { widthPx: cropPx, heightPx: cropPx };
  const renderer = new Renderer(model.triangles, model.decoder.vertexCount, size, { culling: 'back' });
  const vertices = model.decoder.decode(new Float32Array(128)).slice();
  const camera = Float64Array.of(10, 4, 110, 0, 1, 8, 3.5);
  const found = (light: readonly number[]): Float64Array =>
    lightOfFace(renderer, vertices, camera, renderer.render(vertices, camera, Float64Array.from(light)).slice());
  // Colours are pulled towards 0.5: where they are 0.5, all is found; where not, more than half of the way.
  const even = [-70, 40, 60, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
  expect([...found(even)].map((value) => Number(value.toFixed(4)))).toEqual(even);
  const coloured = [70, 40, 60, 1.2, 0.9, 0.7, 0.2, 0.3, 0.4];
  const near = found(coloured);
  expect([...near.slice(0, 3)]).toEqual(coloured.slice(0, 3));
  for (let at = 3; at < 9; at++) {
    expect(Math.abs(near[at] - coloured[at])).toBeLessThan(0.5 * Math.abs(0.5 - coloured[at]));
  }
});

test('ridge finds the line of points that lie on one, and shrinks it under a penalty', () => {
  // y = 3 x + 1 at x = -1, 0, 1: sum of x y is 6, of x^2 is 2; with penalty 2 the slope is 6 / (2 + 2).
  const [rows, targets] = [Float32Array.of(-1, 0, 1), Float32Array.of(-2, 1, 4)];
  const exact = ridge(rows, 1, targets, 1, 0);
  expect([exact.weight[0], exact.constant[0]].map((value) => Number(value.toFixed(6)))).toEqual([3, 1]);
  expect(ridge(rows, 1, targets, 1, 2).weight[0]).toBeCloseTo(1.5, 6);
});

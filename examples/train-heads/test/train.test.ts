import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dense, rectify } from '../src/dense.js';
import { averagePrecision } from '../src/evaluate.js';
import { Heads } from '../src/heads.js';
import { trainHeads } from '../src/train.js';
import { loadTrainingSet, type TrainingSet } from '../src/training-set.js';

/** What the heads must reach on the images that they were trained on; untrained heads stay below 0.05. */
const apBar = 0.6;

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe('dense and rectify', () => {
  test('have the gradients of central differences', () => {
    const values = (count: number, seed: number): number[] =>
      Array.from({ length: count }, (_, index) => Math.sin(seed + 1.7 * index));
    const shapes = [[2, 3], [3, 4], [4]];
    const inputs = shapes.map((shape, index) => values(tf.util.sizeFromShape(shape), index + 1));
    const slopes = values(8, 4);
    const layer = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
      rectify(dense(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D));
    const place = (data: readonly number[][]): tf.Tensor[] => data.map((row, index) => tf.tensor(row, shapes[index]));
    const along = (data: readonly number[][]): number => {
      const [x, weight, bias] = place(data);
      const y = layer(x, weight, bias).dataSync() as Float32Array;
      return y.reduce((sum, value, at) => sum + value * slopes[at], 0);
    };
    const gradients = tf.grads(layer)(place(inputs), tf.tensor2d(slopes, [2, 4]));
    const step = 1e-2;
    inputs.forEach((row, index) => {
      const analytic = gradients[index].dataSync();
      row.forEach((value, at) => {
        const moved = (by: number): number => along(inputs.with(index, row.with(at, value + by)));
        // float32: a difference over 0.02 resolves slopes of order 1 to about a thousandth.
        expect(Math.abs((moved(step) - moved(-step)) / (2 * step) - analytic[at])).toBeLessThan(0.005);
      });
    });
  });
});

describe('trainHeads on the embedded data set', () => {
  let trainingSet: TrainingSet;
  beforeAll(async () => {
    trainingSet = await loadTrainingSet(['0--Portrait', '1--Group'], 6);
  });

  test('lowers the loss and finds the faces of its own training images', () => {
    const heads = new Heads(1);
    expect(averagePrecision(heads, trainingSet)).toBeLessThan(0.05);
    const losses = trainHeads(heads, trainingSet.samples, { steps: 200, learningRate: 0.008, seed: 2 });
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    // Twelve images a pass: the first pass against the last.
    expect(mean(losses.slice(-12))).toBeLessThan(0.5 * mean(losses.slice(0, 12)));
    expect(averagePrecision(heads, trainingSet)).toBeGreaterThan(apBar);
    heads.dispose();
  });

  test('gives the same losses for the same seeds, and others for others', () => {
    const run = (headSeed: number): number[] => {
      const heads = new Heads(headSeed);
      const losses = trainHeads(heads, trainingSet.samples, { steps: 6, learningRate: 0.003, seed: 2 });
      heads.dispose();
      return losses;
    };
    expect(run(1)).toEqual(run(1));
    expect(run(3)).not.toEqual(run(1));
  });

  test('leaks no tensor', () => {
    const before = tf.memory().numTensors;
    const heads = new Heads(1);
    trainHeads(heads, trainingSet.samples, { steps: 2, learningRate: 0.003, seed: 2 });
    heads.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

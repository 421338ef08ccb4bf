import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { batchNorm } from '../src/ops/batch-norm.js';
import { convolution, convolutionOfImages } from '../src/ops/convolution.js';
import { depthwise } from '../src/ops/depthwise.js';
import { addUpsampled, head, join } from '../src/ops/join.js';
import { engines, useEngine } from './engines.js';

/** float32: a difference over 0.02 resolves slopes of order 1 to about a thousandth. */
const [half, tolerance] = [1e-2, 5e-3];

const wave = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.sin(seed + 1.7 * index + 0.3 * index * seed));
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

type Operation = (...tensors: tf.Tensor[]) => tf.Tensor;

/** Holds the gradients of an operation with respect to each input against central differences along a wave. */
function expectGradients(operation: Operation, shapes: readonly (readonly number[])[]): void {
  const inputs = shapes.map((shape, index) => wave(sizeOf(shape), index + 1));
  const place = (data: readonly (readonly number[])[]): tf.Tensor[] =>
    data.map((row, index) => tf.tensor([...row], [...shapes[index]]));
  const output = operation(...place(inputs));
  const slopes = wave(output.size, 9);
  const along = (data: readonly (readonly number[])[]): number =>
    (operation(...place(data)).dataSync() as Float32Array).reduce((sum, value, at) => sum + value * slopes[at], 0);
  const gradients = tf.grads(operation)(place(inputs), tf.tensor(slopes, output.shape));
  inputs.forEach((row, index) => {
    const analytic = gradients[index].dataSync();
    expect(gradients[index].shape).toEqual([...shapes[index]]);
    const step = Math.max(1, Math.floor(row.length / 12));
    for (let at = 0; at < row.length; at += step) {
      const moved = (by: number): number => along(inputs.with(index, row.with(at, row[at] + by)));
      const numeric = (moved(half) - moved(-half)) / (2 * half);
      expect(Math.abs(numeric - analytic[at]), `input ${index}, value ${at}`).toBeLessThan(
        tolerance * (1 + Math.abs(numeric)),
      );
    }
  });
}

describe.each(engines)('on %s, operations have the gradients of central differences', (engine) => {
  beforeAll(() => useEngine(engine));

  test.each([
    [1, 1],
    [3, 1],
    [3, 2],
  ])('convolution of kernel %i, stride %i', (kernel, stride) => {
    const shapes = [
      [2, 4, 6, 3],
      [kernel, kernel, 3, 2],
    ];
    expectGradients((x, w) => convolution(x as tf.Tensor4D, w as tf.Tensor4D, stride), shapes);
    const images = tf.tensor(wave(144, 3), [2, 4, 6, 3]) as tf.Tensor4D;
    expectGradients((w) => convolutionOfImages(images, w as tf.Tensor4D, stride), shapes.slice(1));
  });

  test.each([1, 2])('depthwise convolution of stride %i', (stride) => {
    expectGradients(
      (x, w) => depthwise(x as tf.Tensor4D, w as tf.Tensor4D, stride),
      [
        [2, 4, 6, 3],
        [3, 3, 3, 1],
      ],
    );
  });

  test.each([1, 0.1])('batch normalisation before a rectifier of slope %f', (slope) => {
    const apply: Operation = (x, scale, shift) =>
      batchNorm(x as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D, slope, ({ mean, variance }) =>
        tf.dispose([mean, variance]),
      );
    expectGradients(apply, [[2, 3, 3, 2], [2], [2]]);
  });

  test('sum with an upsampled map', () => {
    expectGradients(
      (a, b) => addUpsampled(a as tf.Tensor4D, b as tf.Tensor4D),
      [
        [1, 4, 6, 2],
        [1, 2, 3, 2],
      ],
    );
  });

  test('join and head', () => {
    expectGradients(
      (a, b) => join([a, b], 1),
      [
        [2, 3, 2],
        [2, 1, 2],
      ],
    );
    expectGradients(
      (x, w, b) => head(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D, 2),
      [[2, 2, 3, 3], [1, 1, 3, 4], [4]],
    );
  });
});

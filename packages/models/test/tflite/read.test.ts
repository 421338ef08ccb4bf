import { ModelError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { countTfliteParameters, isTflite, readOnnx, readTflite, writeTflite } from '../../src/index.js';
import { sampleModel } from './sample.js';

const place = 'face.tflite';

describe('a TensorFlow Lite file', () => {
  test('gives what was written; options of operators are left out', () => {
    const read = readTflite(writeTflite(sampleModel), place);
    const nodes = sampleModel.nodes.map(({ options: _, ...node }) => node);
    expect(read).toEqual({ ...sampleModel, nodes });
    expect(countTfliteParameters(read)).toBe(3);
  });

  test('begins as the format says: a reference to the root, then TFL3; constants lie at multiples of 16', () => {
    const file = writeTflite(sampleModel);
    expect(isTflite(file)).toBe(true);
    expect(String.fromCharCode(...file.subarray(4, 8))).toBe('TFL3');
    for (const { data } of readTflite(file, place).tensors) if (data) expect(data.byteOffset % 16).toBe(0);
  });

  test('keeps a free dimension, the last number of the old operators and the first of the late ones', () => {
    const tensors = [
      { name: 'x', type: 'float32', dims: [1, 4], free: [0] },
      { name: 'y', type: 'float32', dims: [1, 4] },
    ] as const;
    for (const operator of ['BATCH_MATMUL', 'CUMSUM', 'SIGN']) {
      const nodes = [{ operator, inputs: [0], outputs: [1] }];
      const read = readTflite(writeTflite({ description: '', tensors, nodes, inputs: [0], outputs: [1] }), place);
      expect(read.nodes[0].operator).toBe(operator);
      expect(read.tensors[0].free).toEqual([0]);
    }
  });

  test('cut short anywhere is a ModelError that names the file, never a network', () => {
    const file = writeTflite(sampleModel);
    for (let length = 0; length < file.length; length += 13) {
      let error: unknown;
      try {
        readTflite(file.slice(0, length), place);
      } catch (cause) {
        error = cause;
      }
      expect(error, `${length} bytes`).toBeInstanceOf(ModelError);
      expect((error as Error).message).toMatch(/^face\.tflite: /);
    }
  });

  test('is refused by what takes .onnx alone, with the backend that runs it', () => {
    expect(() => readOnnx(writeTflite(sampleModel), place)).toThrow(/litert-wasm alone runs/);
  });

  test('of operators or options that the standard lacks is not written', () => {
    const nodes = [{ operator: 'NO_SUCH', inputs: [0], outputs: [1] }];
    expect(() => writeTflite({ ...sampleModel, nodes })).toThrow(/no operator NO_SUCH/);
    const wrong = [{ operator: 'RELU', inputs: [0], outputs: [1], options: { alpha: 1 } }];
    expect(() => writeTflite({ ...sampleModel, nodes: wrong })).toThrow(/RELU .*no option alpha/);
  });
});

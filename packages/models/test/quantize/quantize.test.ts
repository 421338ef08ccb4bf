import { describe, expect, test } from 'vitest';
import {
  exposeValues,
  halveWeights,
  importCheckpoint,
  type OnnxModel,
  planInt8,
  quantizeInt8,
  readOnnx,
  type ValueRange,
  writeOnnx,
} from '../../src/index.js';
import { runOnnx } from '../run-onnx.js';
import { readShared, readSharedFloats, sharedPresent } from '../shared.js';

test('halveWeights keeps weights beyond the range of half precision finite', () => {
  // 512 weights of 1e6: the largest finite half is 65,504 = 0x7bff.
  const weights = new Float32Array(512).fill(1e6);
  const model: OnnxModel = {
    irVersion: 8,
    opset: 17,
    producer: 'test',
    metadata: {},
    graph: {
      name: 'clamp',
      inputs: [],
      outputs: [],
      nodes: [],
      initialisers: [{ name: 'w', elementType: 'float', dims: [512], bytes: new Uint8Array(weights.buffer) }],
    },
  };
  const [halves] = halveWeights(model).graph.initialisers;
  expect([...new Uint16Array(halves!.bytes.buffer)]).toEqual(new Array(512).fill(0x7bff));
});

describe.skipIf(!sharedPresent)('on RetinaFace MobileNet-0.25 (needs the shared data folder)', () => {
  const original = (): OnnxModel => {
    const { onnx } = importCheckpoint(readShared('models/retinaface-mnet025.pth'), 'checkpoint', 'retinaface-mnet025');
    return readOnnx(onnx, 'model');
  };
  const face = (scores: Float32Array): number[] =>
    Array.from(
      { length: scores.length / 2 },
      (_, anchor) => 1 / (1 + Math.exp(scores[2 * anchor]! - scores[2 * anchor + 1]!)),
    );
  const input = () => readSharedFloats('golden/heads/input.npy');

  test('half-precision weights halve the file and move no score by more than 0.01', async () => {
    const model = original();
    const onnx = writeOnnx(halveWeights(model));
    expect(onnx.length).toBeLessThan(0.56 * writeOnnx(model).length);
    const [exact, halved] = [await runOnnx(writeOnnx(model), input()), await runOnnx(onnx, input())];
    const expected = face(exact.scores!.data);
    const worst = Math.max(...face(halved.scores!.data).map((score, at) => Math.abs(score - expected[at]!)));
    expect(worst).toBeLessThan(0.01);
  });

  test('8-bit weights and activations quarter the file and still find the face, with its score within 0.1', async () => {
    const model = original();
    const { values } = planInt8(model);
    const watched = values.filter((name) => name !== 'input');
    const observed = await runOnnx(writeOnnx(exposeValues(model, watched)), input());
    const ranges = new Map<string, ValueRange>(
      values.map((name) => {
        const data = name === 'input' ? input().data : observed[name]!.data;
        return [
          name,
          data.reduce((range, value) => ({ min: Math.min(range.min, value), max: Math.max(range.max, value) }), {
            min: 0,
            max: 0,
          }),
        ];
      }),
    );
    const onnx = writeOnnx(quantizeInt8(model, ranges));
    expect(onnx.length).toBeLessThan(0.45 * writeOnnx(model).length);
    const expected = face(observed.scores!.data);
    const best = expected.indexOf(Math.max(...expected));
    const scores = face((await runOnnx(onnx, input())).scores!.data);
    expect(Math.abs(scores[best]! - expected[best]!)).toBeLessThan(0.1);
  });

  test('a range that was never observed is named', () => {
    expect(() => quantizeInt8(original(), new Map())).toThrow(
      /value input: expected its range on the calibration images/,
    );
  });
});

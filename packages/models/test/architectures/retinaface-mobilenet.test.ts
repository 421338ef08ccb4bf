import { anchorPresets, countAnchors } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { importCheckpoint } from '../../src/index.js';
import { runOnnx } from '../run-onnx.js';
import { readShared, readSharedFloats, sharedPresent } from '../shared.js';

/** The heads must agree with PyTorch's to this, absolute. */
const headTolerance = 1e-4;

describe.skipIf(!sharedPresent)('RetinaFace MobileNet-0.25 (needs the shared data folder)', () => {
  test('gives the heads of the PyTorch reference on golden/heads', async () => {
    const { onnx, card } = importCheckpoint(
      readShared('models/retinaface-mnet025.pth'),
      'retinaface-mnet025.pth',
      'retinaface-mnet025',
    );
    const outputs = await runOnnx(onnx, readSharedFloats('golden/heads/input.npy'));
    expect(largestDifference(outputs.boxes!.data, readSharedFloats('golden/heads/loc.npy').data)).toBeLessThan(
      headTolerance,
    );
    expect(largestDifference(outputs.landmarks!.data, readSharedFloats('golden/heads/landms.npy').data)).toBeLessThan(
      headTolerance,
    );
    // The reference's class head is after the softmax, the graph's before it, as the card says.
    expect(card.decoder).toMatchObject({ softmaxApplied: false });
    expect(
      largestDifference(softmaxOfPairs(outputs.scores!.data), readSharedFloats('golden/heads/conf.npy').data),
    ).toBeLessThan(headTolerance);
    // 426,608: the parameter count that the public port prints for this network (0.4266 M).
    expect(card.parameters).toBe(426_608);
  });

  test.each([
    [1, 1],
    [33, 31],
    [97, 65],
    [640, 480],
  ])('takes an input of %i x %i, whose anchors it covers', async (width, height) => {
    const { onnx } = importCheckpoint(
      readShared('models/retinaface-1mb-mnet025.pth'),
      'checkpoint',
      'retinaface-1mb-mnet025',
    );
    const data = new Float32Array(2 * 3 * width * height).fill(1);
    const outputs = await runOnnx(onnx, { dims: [2, 3, height, width], data });
    const anchors = countAnchors(anchorPresets['mnet025-small'], width, height);
    expect(outputs.scores!.dims).toEqual([2, anchors, 2]);
    expect(outputs.boxes!.dims).toEqual([2, anchors, 4]);
    expect(outputs.landmarks!.dims).toEqual([2, anchors, 10]);
  });
});

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (expected[index] as number))), 0);
}

function softmaxOfPairs(logits: Float32Array): Float32Array {
  return logits.map((value, index) => 1 / (1 + Math.exp((logits[index ^ 1] as number) - value)));
}

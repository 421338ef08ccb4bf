import { anchorPresets, countAnchors, decodeBoxes, generateAnchors } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { importCheckpoint } from '../../src/index.js';
import { runOnnx } from '../run-onnx.js';
import { readShared, readSharedFloats, sharedPresent } from '../shared.js';

describe.skipIf(!sharedPresent)('the "1 MB" checkpoints (need the shared data folder)', () => {
  test.each([
    ['retinaface-1mb-mnet025', 'mnet025-small'],
    ['retinaface-1mb-slim', 'slim'],
    ['retinaface-1mb-rfb', 'rfb'],
  ] as const)('%s finds the face that the reference finds on golden/heads, with its anchors', async (id, preset) => {
    const { onnx } = importCheckpoint(readShared(`models/${id}.pth`), `${id}.pth`, id);
    const outputs = await runOnnx(onnx, readSharedFloats('golden/heads/input.npy'));
    const scores = outputs.scores!.data;
    const anchors = generateAnchors(anchorPresets[preset], 320, 256);
    expect(outputs.scores!.dims).toEqual([1, countAnchors(anchorPresets[preset], 320, 256), 2]);
    const boxes = decodeBoxes(outputs.boxes!.data, anchors, [0.1, 0.2], new Float32Array(anchors.length));
    // The one detection of the reference above 0.5, from golden/heads/dets.npy: 228.10, 44.47, 242.88, 67.05 (0.99).
    const margins = Array.from({ length: anchors.length / 4 }, (_, anchor) => ({
      logit: (scores[2 * anchor + 1] as number) - (scores[2 * anchor] as number),
      box: boxes.subarray(4 * anchor, 4 * anchor + 4),
    })).filter(({ logit }) => logit > Math.log(0.9 / 0.1));
    const found = margins.filter(({ box }) => iou(box, [228.1, 44.47, 242.88, 67.05]) > 0.8);
    expect(found.length).toBeGreaterThan(0);
    // None of the three invents a face in the lower half of the picture.
    expect(margins.filter(({ box }) => (box[1] as number) > 128)).toEqual([]);
  });

  test('a checkpoint under the name of another architecture is refused, naming the tensor', () => {
    expect(() =>
      importCheckpoint(readShared('models/retinaface-1mb-slim.pth'), 'slim.pth', 'retinaface-1mb-rfb'),
    ).toThrow(/slim\.pth: tensor conv8\.branch0\.0\.conv\.weight: expected \[8, 64, 1, 1\], got none/);
  });
});

function iou(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ax1, ay1, ax2, ay2] = [a[0]!, a[1]!, a[2]!, a[3]!];
  const [bx1, by1, bx2, by2] = [b[0]!, b[1]!, b[2]!, b[3]!];
  const overlap =
    Math.max(0, Math.min(ax2, bx2) - Math.max(ax1, bx1)) * Math.max(0, Math.min(ay2, by2) - Math.max(ay1, by1));
  return overlap / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - overlap);
}

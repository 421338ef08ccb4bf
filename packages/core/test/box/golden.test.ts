import { describe, expect, test } from 'vitest';
import { anchorPresets, decodeBoxes, decodeLandmarks, generateAnchors, nms } from '../../src/index.js';
import { hasShared, readNpyFloat32 } from '../support/shared.js';

/** Pixels; the reference works in float32, in fractions of the input. */
const toleranceBoxPx = 1e-3;

describe.skipIf(!hasShared('golden/heads'))('anchors, decoding and nms (needs the shared data folder)', () => {
  test('turn the raw heads of the reference into its detections', () => {
    const scoresOfClasses = readNpyFloat32('golden/heads/conf.npy').data;
    const boxOffsets = readNpyFloat32('golden/heads/loc.npy').data;
    const landmarkOffsets = readNpyFloat32('golden/heads/landms.npy').data;
    const { data: expected, shape } = readNpyFloat32('golden/heads/dets.npy');

    const anchors = generateAnchors(anchorPresets.mnet025, 320, 256);
    const boxes = decodeBoxes(boxOffsets, anchors, [0.1, 0.2], new Float32Array(anchors.length));
    const landmarks = decodeLandmarks(
      landmarkOffsets,
      anchors,
      [0.1, 0.2],
      new Float32Array((anchors.length / 4) * 10),
    );
    const survivors = Array.from({ length: anchors.length / 4 }, (_, index) => index).filter(
      (index) => scoresOfClasses[index * 2 + 1] > 0.02,
    );
    const keep = new Int32Array(survivors.length);
    const kept = nms(
      Float32Array.from(survivors.flatMap((index) => [...boxes.subarray(index * 4, index * 4 + 4)])),
      Float32Array.from(survivors, (index) => scoresOfClasses[index * 2 + 1]),
      { iouThreshold: 0.4, convention: 'pixel' },
      keep,
    );

    expect(kept).toBe(shape[0]);
    for (let rank = 0; rank < kept; rank++) {
      const index = survivors[keep[rank]];
      expect(scoresOfClasses[index * 2 + 1]).toBe(expected[rank * 15 + 4]);
      const found = [...boxes.subarray(index * 4, index * 4 + 4), ...landmarks.subarray(index * 10, index * 10 + 10)];
      const wanted = [
        ...expected.subarray(rank * 15, rank * 15 + 4),
        ...expected.subarray(rank * 15 + 5, rank * 15 + 15),
      ];
      found.forEach((value, at) => {
        expect(Math.abs(value - wanted[at])).toBeLessThan(toleranceBoxPx);
      });
    }
  });
});

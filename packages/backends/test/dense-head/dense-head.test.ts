import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  anchorPresets,
  cachedAnchors,
  DenseFaceReader,
  loadHierarchy,
  MeshDecoder,
  readDecoderWeights,
  readSafetensors,
} from '@retinabench/core';
import { denseValues } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { FaceDetector } from '../../src/detector/face-detector.js';
import { resolveProtocol } from '../../src/detector/protocol.js';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import { cardOf } from '../fixtures/card.js';
import { FunctionSession } from '../fixtures/fixed-session.js';

const require = createRequire(import.meta.url);
const card = cardOf({
  kind: 'retinaface',
  outputs: { scores: 's', boxes: 'b', dense: 'd' },
  anchors: 'mnet025',
  variances: [0.1, 0.2],
  softmaxApplied: true,
});
const image = { widthPx: 64, heightPx: 64, data: new Uint8Array(64 * 64 * 3) };
const camera = [0, 1, 105, 0, 1, 8, 3.5];
const light = [0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
const face = Float32Array.of(...new Array<number>(128).fill(0), ...camera, ...light);

/** A network that scores one anchor, whose dense numbers begin with the anchor's own. */
function oneAnchor(chosen: number): FunctionSession {
  return new FunctionSession(['s', 'b', 'd'], ({ dims }) => {
    const count = cachedAnchors(anchorPresets.mnet025)(dims[3], dims[2]).length / 4;
    const scores = new Float32Array(count * 2);
    scores[chosen * 2 + 1] = 0.9;
    const dense = new Float32Array(count * denseValues);
    dense.set(face, chosen * denseValues);
    dense[chosen * denseValues] = chosen;
    return {
      s: { data: scores, dims: [1, count, 2] },
      b: { data: new Float32Array(count * 4), dims: [1, count, 4] },
      d: { data: dense, dims: [1, count, denseValues] },
    };
  });
}

function faceReader(cropPx: number): DenseFaceReader {
  const read = (name: string): Uint8Array => readFileSync(require.resolve(`@retinabench/core/data/mesh/${name}`));
  const hierarchy = loadHierarchy(read('face-hierarchy.safetensors'), 'hierarchy');
  const weights = readDecoderWeights(
    readSafetensors(read('face-decoder.safetensors'), 'decoder'),
    hierarchy,
    'decoder',
  );
  return new DenseFaceReader(new MeshDecoder(hierarchy, weights), hierarchy.levels[0].mesh.triangles, cropPx);
}

describe('a detector whose card names a dense head', () => {
  // 64 x 64 has 8 x 8 cells of two anchors at stride 8: anchor 2 * (3 * 8 + 5) + 1 = 59 is the square of 32 px around
  // ((5 + 0.5) 8, (3 + 0.5) 8) = (44, 28).
  test('gives the numbers and the square of the kept anchor', async () => {
    const detector = new FaceDetector(card, oneAnchor(59), resolveProtocol({}, card));
    const { count, dense } = await detector.detect(image);
    expect(count).toBe(1);
    expect(dense?.parameters).toHaveLength(144);
    expect(dense?.parameters[0]).toBe(59);
    expect([...(dense?.parameters.slice(128, 135) ?? [])]).toEqual(camera);
    expect([...(dense?.anchorsXyxy ?? [])]).toEqual([28, 12, 60, 44]);
  });

  test('gives the square in pixels of the original image, turned round where the image was mirrored', async () => {
    const scaled = new FaceDetector(card, oneAnchor(59), resolveProtocol({ scale: parseScaleRule('long:128') }, card));
    const { dense } = await scaled.detect(image);
    // On 128 x 128, 16 cells a row: 59 = 2 * 29 + 1 is cell (13, 1), centre (108, 12), half of it in the original.
    expect([...(dense?.anchorsXyxy ?? [])]).toEqual([46, -2, 62, 14]);
    const mirrored = new FaceDetector(card, oneAnchor(59), resolveProtocol({ scale: parseScaleRule('pyramid') }, card));
    const found = await mirrored.detect(image);
    const turned = found.dense?.anchorsXyxy ?? new Float32Array(0);
    expect(found.count).toBeGreaterThan(1);
    const widths = Array.from({ length: found.count }, (_, at) => turned[at * 4 + 2] - turned[at * 4]);
    expect(widths.some((width) => width < 0)).toBe(true);
    expect(widths.some((width) => width > 0)).toBe(true);
  });
});

describe('DenseFaceReader', () => {
  const { verticesPx, raster } = faceReader(64).read(face, [100, 50, 164, 114]);

  test('puts the vertices of a face into its anchor, and most of its pixels onto triangles', () => {
    expect(verticesPx).toHaveLength(4700 * 2);
    for (let at = 0; at < verticesPx.length; at += 2) {
      expect(verticesPx[at]).toBeGreaterThan(100);
      expect(verticesPx[at]).toBeLessThan(164);
      expect(verticesPx[at + 1]).toBeGreaterThan(50);
      expect(verticesPx[at + 1]).toBeLessThan(114);
    }
    expect(raster.triangle.filter((triangle) => triangle >= 0).length / raster.triangle.length).toBeGreaterThan(0.25);
  });

  test("each pixel's barycentric point in the image plane lies in that pixel, up to perspective", () => {
    const reader = faceReader(64);
    const { verticesPx: places, raster: map } = reader.read(face, [0, 0, 64, 64]);
    map.triangle.forEach((triangle, pixel) => {
      if (triangle < 0) return;
      const point = [0, 0];
      for (let corner = 0; corner < 3; corner++) {
        const vertex = reader.triangles[triangle * 3 + corner];
        point[0] += map.weights[pixel * 3 + corner] * places[vertex * 2];
        point[1] += map.weights[pixel * 3 + corner] * places[vertex * 2 + 1];
      }
      expect(Math.abs(point[0] - ((pixel % 64) + 0.5))).toBeLessThan(0.1);
      expect(Math.abs(point[1] - (Math.floor(pixel / 64) + 0.5))).toBeLessThan(0.1);
    });
  });

  test('mirrors with a turned square', () => {
    const mirrored = faceReader(16).read(face, [164, 50, 100, 114]).verticesPx;
    expect(mirrored[0]).toBeCloseTo(264 - verticesPx[0], 3);
    expect(mirrored[1]).toBeCloseTo(verticesPx[1], 3);
  });
});

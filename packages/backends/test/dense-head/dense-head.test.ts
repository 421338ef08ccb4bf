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
import type { Tensor } from '../../src/backend/backend.js';
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
  return new FunctionSession(['s', 'b', 'd'], oneAnchorOutputs(chosen));
}

function oneAnchorOutputs(chosen: number): (input: Tensor) => Readonly<Record<string, Tensor>> {
  return ({ dims }) => {
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
  };
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

describe('a detector whose card says that the dense camera looks at the face', () => {
  const faceCard = cardOf(
    {
      kind: 'retinaface',
      outputs: { scores: 's', boxes: 'b', landmarks: 'l', dense: 'd' },
      anchors: 'mnet025',
      variances: [0.1, 0.2],
      denseFrame: 'face',
      softmaxApplied: true,
    },
    {},
    true,
  );

  /** The session of oneAnchor whose right eye lies 10 px right of and 10 px below the left, which is the anchor's middle. */
  function slopingEyes(chosen: number): FunctionSession {
    return new FunctionSession(['s', 'b', 'l', 'd'], (input) => {
      const outputs = oneAnchorOutputs(chosen)(input);
      const count = outputs.s.dims[1];
      const landmarks = new Float32Array(count * 10);
      // 10 px are 10 / (0.1 x 32) = 3.125 offsets of an anchor of 32 px.
      landmarks.set([0, 0, 3.125, 3.125], chosen * 10);
      return { ...outputs, l: { data: landmarks, dims: [1, count, 10] } };
    });
  }

  test('gives the square around the box, 1.2 times as wide, and the slope of the eyes', async () => {
    const detector = new FaceDetector(faceCard, slopingEyes(59), resolveProtocol({}, faceCard));
    const { dense } = await detector.detect(image);
    // The box is the anchor, 32 px around (44, 28): half of 1.2 x 32 is 19.2.
    const expected = [24.8, 8.8, 63.2, 47.2];
    for (let at = 0; at < 4; at++) expect(dense?.squaresXyxy[at]).toBeCloseTo(expected[at], 4);
    expect(dense?.rolls[0]).toBeCloseTo(Math.PI / 4, 6);
    expect([...(dense?.anchorsXyxy ?? [])]).toEqual([28, 12, 60, 44]);
  });

  test('turns square and slope round where the image was mirrored', async () => {
    const settings = resolveProtocol({ scale: parseScaleRule('pyramid') }, faceCard);
    const { count, dense } = await new FaceDetector(faceCard, slopingEyes(59), settings).detect(image);
    expect(count).toBeGreaterThan(1);
    for (let face = 0; face < count; face++) {
      const mirrored = (dense?.anchorsXyxy[face * 4] ?? 0) > (dense?.anchorsXyxy[face * 4 + 2] ?? 0);
      const width = (dense?.squaresXyxy[face * 4 + 2] ?? 0) - (dense?.squaresXyxy[face * 4] ?? 0);
      expect(width < 0).toBe(mirrored);
      // Seen in the mirror, eyes that fall to the right fall to the left.
      expect(dense?.rolls[face]).toBeCloseTo(mirrored ? -Math.PI / 4 : Math.PI / 4, 5);
    }
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

  test('turns with the square: a quarter turn clockwise takes right to below', () => {
    const turned = faceReader(16).read(face, [100, 50, 164, 114], Math.PI / 2).verticesPx;
    for (let at = 0; at < 200; at += 2) {
      // About the middle (132, 82), (dx, dy) becomes (-dy, dx).
      expect(turned[at]).toBeCloseTo(132 - (verticesPx[at + 1] - 82), 3);
      expect(turned[at + 1]).toBeCloseTo(82 + (verticesPx[at] - 132), 3);
    }
  });

  test('mirrors with a turned square', () => {
    const mirrored = faceReader(16).read(face, [164, 50, 100, 114]).verticesPx;
    expect(mirrored[0]).toBeCloseTo(264 - verticesPx[0], 3);
    expect(mirrored[1]).toBeCloseTo(verticesPx[1], 3);
  });
});

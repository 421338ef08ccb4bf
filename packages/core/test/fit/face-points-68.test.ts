import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { facePoints68, fromCrop, projectVertices, readFaceModel } from '../../src/index.js';
import { hasShared, sharedPath } from '../support/shared.js';

const data = path.resolve(import.meta.dirname, '../../data/mesh');
const read = (name: string): Uint8Array => readFileSync(path.join(data, name));
const model = readFaceModel(read('face-hierarchy.safetensors'), read('face-decoder.safetensors'), {
  hierarchy: 'hierarchy',
  decoder: 'decoder',
});
const mean = model.decoder.decode(new Float32Array(128));
const place = (vertex: number): number[] => [...mean.subarray(vertex * 6, vertex * 6 + 3)];

/** ICT-FaceKit, README, "Multi-PIE 68 point facial landmarks": vertices of its own mesh. */
const published = [
  1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924, 2608, 3272, 4088, 3443, 268, 493, 1914,
  2044, 1401, 3615, 4240, 4114, 2734, 2509, 978, 4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360, 1507, 1542, 1537, 1528,
  1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732, 5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957, 5841,
  5702, 5711, 5533, 6216, 6207, 6470, 5517, 5966,
];

describe('facePoints68', () => {
  it.skipIf(!hasShared('mesh/ict-neutral.obj'))(
    'are the vertices nearest to those that ICT-FaceKit names, within 5 mm (needs the shared data folder)',
    () => {
      const neutral = readFileSync(sharedPath('mesh/ict-neutral.obj'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('v '))
        .map((line) => line.split(/\s+/).slice(1, 4).map(Number));
      published.forEach((vertex, point) => {
        const distances = Array.from({ length: model.decoder.vertexCount }, (_, own) =>
          Math.hypot(...place(own).map((value, axis) => value - neutral[vertex][axis])),
        );
        const nearest = Math.min(...distances);
        expect(nearest, `point ${point}`).toBeLessThan(0.5);
        expect(distances[facePoints68[point]], `point ${point}`).toBe(nearest);
      });
    },
  );

  it('lie on the mean face as a face has them: symmetric, eyes above nose above mouth above chin', () => {
    const [x, y] = [0, 1].map((axis) => facePoints68.map((vertex) => place(vertex)[axis]));
    for (let i = 0; i < 8; i++) expect(x[i] + x[16 - i], `jaw ${i}`).toBeCloseTo(0, 0);
    expect(x[36]).toBeLessThan(x[39]);
    expect(x[42]).toBeLessThan(x[45]);
    const heights = [y[36], y[30], y[51], y[57], y[8]];
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
  });
});

describe('projectVertices(model, fit, frame, vertices)', () => {
  it('an object on the axis of the camera lies in the middle of the crop, and what is above it above, wherever the crop lies', () => {
    const frame = { centreX: 300, centreY: 200, sidePx: 100, roll: 0.3 };
    // Camera on +z looking at the tip of the nose; focal length 2.
    const [, , nose] = model.landmarks;
    const [nx, ny, nz] = place(nose);
    const camera = Float64Array.of(nx, ny, nz + 60, nx, ny, nz, 2);
    const fit = { latent: new Float32Array(128), camera };
    const [x, y, eyeX, eyeY] = projectVertices(model, fit, frame, [nose, facePoints68[27]]);
    expect(x).toBeCloseTo(300, 3);
    expect(y).toBeCloseTo(200, 3);
    // Above it in the crop, which is turned clockwise by 0.3: up and to the right.
    const [upX, upY] = fromCrop(frame, 0.5, 0.4, 1);
    expect(Math.sign(eyeX - x)).toBe(Math.sign(upX - 300));
    expect(Math.sign(eyeY - y)).toBe(Math.sign(upY - 200));
  });
});

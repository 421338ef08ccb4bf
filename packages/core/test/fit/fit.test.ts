import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { Adam } from '../../src/fit/adam.js';
import { cutCrop, faceCrop, fromCrop, toCrop } from '../../src/fit/crop.js';
import type { FaceModel } from '../../src/fit/face-model.js';
import { fitFace } from '../../src/fit/fit-face.js';
import { initialCamera } from '../../src/fit/initial-camera.js';
import { landmarkTerm } from '../../src/fit/landmark-term.js';
import { MeshDecoder } from '../../src/mesh/decoder.js';
import { readDecoderWeights } from '../../src/mesh/decoder-weights.js';
import { loadHierarchy } from '../../src/mesh/hierarchy-file.js';
import { cameraFrame, projectToPixels, toCameraSpace } from '../../src/render/camera.js';
import { Renderer } from '../../src/render/renderer.js';
import { readSafetensors } from '../../src/safetensors/read.js';
import { numbers } from '../mesh/shapes.js';

const dataFolder = path.join(import.meta.dirname, '../../data/mesh');

function faceModel(): FaceModel {
  const read = (name: string): Uint8Array => readFileSync(path.join(dataFolder, name));
  const hierarchy = loadHierarchy(read('face-hierarchy.safetensors'), 'hierarchy');
  const file = readSafetensors(read('face-decoder.safetensors'), 'decoder');
  return {
    decoder: new MeshDecoder(hierarchy, readDecoderWeights(file, hierarchy, 'decoder')),
    triangles: hierarchy.levels[0].mesh.triangles,
    landmarks: file.metadata.landmarks.split(',').map(Number),
  };
}

describe('Adam', () => {
  it('moves by the step size at first, whatever the size of the gradient', () => {
    // The bias-corrected moments of the first step are g and g^2, so each parameter moves by rate * sign(g).
    const parameters = Float64Array.of(1, 1);
    new Adam(2).step(parameters, Float64Array.of(1000, -0.001), 0.25);
    expect(parameters[0]).toBeCloseTo(0.75, 6);
    expect(parameters[1]).toBeCloseTo(1.25, 4);
  });

  it('finds the minimum of a badly scaled parabola', () => {
    const parameters = Float64Array.of(3, -2);
    const adam = new Adam(2);
    for (let step = 0; step < 2000; step++) {
      adam.step(parameters, Float64Array.of(200 * (parameters[0] - 1), 0.02 * parameters[1]), 0.01);
    }
    expect(parameters[0]).toBeCloseTo(1, 3);
    expect(parameters[1]).toBeCloseTo(0, 3);
  });

  it('refuses arrays of another length', () => {
    expect(() => new Adam(2).step(new Float64Array(3), new Float64Array(3), 1)).toThrow(ShapeError);
  });
});

describe('faceCrop, toCrop, fromCrop and cutCrop', () => {
  const landmarks = [40, 40, 60, 60, 50, 60, 40, 70, 50, 80];

  it('turn the crop by the slope of the eyes, so that they lie level in it', () => {
    const frame = faceCrop([20, 20, 80, 100], landmarks);
    expect(frame.roll).toBeCloseTo(Math.PI / 4, 12);
    expect(frame.sidePx).toBeCloseTo(1.2 * 80, 12);
    const [left, right] = [toCrop(frame, 40, 40, 128), toCrop(frame, 60, 60, 128)];
    expect(left[1]).toBeCloseTo(right[1], 9);
    expect(right[0]).toBeGreaterThan(left[0]);
    const [x, y] = fromCrop(frame, ...toCrop(frame, 33, 71, 128), 128);
    expect([x, y].map((value) => Number(value.toFixed(9)))).toEqual([33, 71]);
  });

  it('stand profiles upright, whose eyes fall together, by the line from eyes to mouth; faces up to half of one by the eyes alone', () => {
    const turned = (points: readonly number[], angle: number): number[] =>
      points.map((_, at) => {
        const [x, y] = [points[at - (at % 2)], points[at - (at % 2) + 1]];
        return at % 2 === 0 ? Math.cos(angle) * x - Math.sin(angle) * y : Math.sin(angle) * x + Math.cos(angle) * y;
      });
    // Eyes 1 px apart, one below the other: their line stands upright. From their middle the mouth lies 30 px below.
    // Of 30 px, 0.7 are 21: the share of the other line is 1 - 1 / 21, so that the turn is atan(1 / 28.57) = 2 degrees.
    const profile = [50, 39.5, 50, 40.5, 40, 55, 50, 70, 50, 70];
    const roll = (points: readonly number[]): number => faceCrop([20, 20, 80, 100], points).roll;
    expect(roll(profile)).toBeCloseTo(Math.atan(1 / (30 * (1 - 1 / 21))), 9);
    expect(roll(turned(profile, 0.4)) - roll(profile)).toBeCloseTo(0.4, 9);
    // Eyes 22 px apart, and the mouth 9 px to the side, 31.3 px away, of which 0.7 are 21.9: it does not count.
    expect(roll([40, 40, 62, 40, 50, 60, 55, 70, 65, 70])).toBe(0);
    // No line at all.
    expect(roll(new Array(10).fill(50))).toBe(0);
  });

  it('cut the pixels themselves where scale is 1 and nothing turns', () => {
    const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => (at * 7) % 256);
    const crop = cutCrop({ widthPx: 8, heightPx: 8, data }, { centreX: 4, centreY: 4, sidePx: 4, roll: 0 }, 4);
    // Row 0, column 0 of the crop is pixel (2, 2) of the image.
    const at = (2 * 8 + 2) * 3;
    expect(crop[0]).toBeCloseTo(data[at] / 255, 6);
    expect(crop[(3 * 4 + 3) * 3 + 2]).toBeCloseTo(data[(5 * 8 + 5) * 3 + 2] / 255, 6);
  });

  it('refuse a box without area and an image whose data do not fit', () => {
    expect(() => faceCrop([20, 20, 20, 100], landmarks)).toThrow(ShapeError);
    expect(() => faceCrop([20, 20, 80, 100], landmarks.slice(1))).toThrow(ShapeError);
    const image = { widthPx: 8, heightPx: 8, data: new Uint8Array(3) };
    expect(() => cutCrop(image, { centreX: 4, centreY: 4, sidePx: 4, roll: 0 }, 4)).toThrow(ShapeError);
  });
});

describe('landmarkTerm', () => {
  it('has the gradient of central differences in vertices and camera', () => {
    const vertices = numbers(5 * 6, 3);
    const camera = Float64Array.of(0.5, 0.3, 6, 0.1, -0.1, 0, 1.4);
    const targets = numbers(10, 4).map((value) => 0.5 + value / 4);
    const indices = [0, 1, 2, 3, 4];
    const gradients = [new Float64Array(30), new Float64Array(7)] as const;
    const value = (): number =>
      landmarkTerm(vertices, indices, camera, targets, 1, new Float64Array(30), new Float64Array(7));
    landmarkTerm(vertices, indices, camera, targets, 1, gradients[0], gradients[1]);
    [vertices, camera].forEach((parameters, which) => {
      parameters.forEach((before, at) => {
        parameters[at] = before + 1e-6;
        const above = value();
        parameters[at] = before - 1e-6;
        const below = value();
        parameters[at] = before;
        expect(Math.abs((above - below) / 2e-6 - gradients[which][at])).toBeLessThan(1e-8);
      });
    });
  });
});

describe('the face model in data/mesh', () => {
  const model = faceModel();

  it('decodes P_ST = 0 to a symmetric face of human size, skin darker in blue than in red', () => {
    const vertices = model.decoder.decode(new Float32Array(128));
    expect(model.decoder.vertexCount).toBe(4700);
    const [left, right, nose, leftMouth, rightMouth] = model.landmarks.map((at) => vertices.slice(at * 6, at * 6 + 6));
    // Pupils are about 6.3 cm apart in adults, eyes above nose above mouth, the nose foremost.
    expect(right[0] - left[0]).toBeGreaterThan(5.8);
    expect(right[0] - left[0]).toBeLessThan(7);
    expect(Math.abs(left[0] + right[0])).toBeLessThan(0.3);
    expect(left[1]).toBeGreaterThan(nose[1]);
    expect(nose[1]).toBeGreaterThan((leftMouth[1] + rightMouth[1]) / 2);
    expect(nose[2]).toBeGreaterThan(left[2]);
    expect(nose[3]).toBeGreaterThan(nose[5]);
  });

  it('fits a face that it rendered itself: landmarks within a pixel, pixel term down to a quarter', () => {
    const latent = Float32Array.from(numbers(128, 5));
    const camera = Float64Array.of(12, 4, 95, 0, 1, 8, 3.4);
    const light = Float64Array.of(-40, 30, 80, 0.7, 0.6, 0.5, 0.3, 0.35, 0.4);
    const size = { widthPx: 160, heightPx: 160 };
    const vertices = model.decoder.decode(latent).slice();
    const renderer = new Renderer(model.triangles, 4700, size, { culling: 'back' });
    const data = Uint8Array.from(
      renderer.render(vertices, camera, light),
      (value) => 255 * Math.max(0, Math.min(1, value)),
    );
    const points = toCameraSpace(vertices, cameraFrame(camera), new Float32Array(4700 * 3));
    const pixels = projectToPixels(points, camera[6], size, new Float32Array(4700 * 2));
    const landmarks = model.landmarks.flatMap((vertex) => [pixels[vertex * 2], pixels[vertex * 2 + 1]]);
    const frame = { centreX: 80, centreY: 80, sidePx: 160, roll: 0 };
    const schedule = [{ cropPx: 64, rounds: 60 }];
    const fit = fitFace(model, { ...size, data }, frame, landmarks, { schedule });
    const [first, last] = [fit.rounds[0], fit.rounds[59]];
    expect(fit.rounds).toHaveLength(60);
    expect(last.pixel).toBeLessThan(first.pixel / 4);
    expect(Math.sqrt(last.landmark) * 160).toBeLessThan(1);
    expect(fitFace(model, { ...size, data }, frame, landmarks, { schedule })).toEqual(fit);
    // The photograph is the render of these numbers, cut to bytes: that takes less than 1 / 255 of each of three channels.
    const start = { latent, camera, illumination: light };
    const again = fitFace(model, { ...size, data }, frame, landmarks, {
      schedule: [{ cropPx: 160, rounds: 1 }],
      start,
    });
    expect(again.rounds[0].pixel).toBeLessThan(3 / 255);
    expect(again.rounds[0].landmark).toBeLessThan(1e-12);
    expect(() => fitFace(model, { ...size, data }, frame, landmarks, { start: { ...start, camera: [1] } })).toThrow(
      ShapeError,
    );
  });

  it('starts from a camera that explains the landmarks of a turned head', () => {
    const vertices = model.decoder.decode(new Float32Array(128)).slice();
    const camera = Float64Array.of(45, 5, 85, 0, 1, 8, 3.5);
    const points = toCameraSpace(vertices, cameraFrame(camera), new Float32Array(4700 * 3));
    const places = projectToPixels(points, 3.5, { widthPx: 1, heightPx: 1 }, new Float32Array(4700 * 2));
    const targets = Float64Array.from(model.landmarks.flatMap((at) => [places[at * 2], places[at * 2 + 1]]));
    const found = initialCamera(vertices, model.landmarks, targets);
    const error = landmarkTerm(
      vertices,
      model.landmarks,
      found,
      targets,
      1,
      new Float64Array(28200),
      new Float64Array(7),
    );
    expect(Math.sqrt(error)).toBeLessThan(0.01);
    expect(found[0]).toBeGreaterThan(20);
  });

  it('refuses crop sizes outside 16 to 512 px and landmarks that are not five', () => {
    const image = { widthPx: 4, heightPx: 4, data: new Uint8Array(48) };
    const frame = { centreX: 2, centreY: 2, sidePx: 4, roll: 0 };
    const schedule = [{ cropPx: 8, rounds: 1 }];
    expect(() => fitFace(model, image, frame, new Array<number>(10).fill(1), { schedule })).toThrow(ShapeError);
    expect(() => fitFace(model, image, frame, [1, 2])).toThrow(ShapeError);
  });
});

import { loadFaceModel } from '@retinabench/backends/runs';
import { mirrored68 } from '@retinabench/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DenseFound, type FaceMesh, FaceMeshes } from '../../src/dense/face-meshes.js';
import { meshJson } from '../../src/dense/mesh-json.js';

let meshes: FaceMeshes;
beforeAll(async () => {
  meshes = new FaceMeshes(await loadFaceModel());
});

/** The mean face, seen from the front a little from its left, in a square of 100 px in the middle of (60, 70). */
const camera = [20, 4, 105, 0, 1, 8, 3.5];
const light = [0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
const parameters = [...new Array<number>(128).fill(0), ...camera, ...light];
const square = [10, 20, 110, 120];

/** A face whose detected landmarks are those of its mesh, moved by `shift` pixels. */
function faceOf(
  squareXyxy: readonly number[],
  roll: number,
  shift = 0,
): DenseFound & Required<Pick<DenseFound, 'dense'>> {
  const dense = { parameters, squareXyxy, roll };
  const { points68 } = meshes.of({
    boxXywh: [30, 40, 50, 80],
    landmarks: new Array(5).fill([0, 0]),
    dense,
  }) as FaceMesh;
  const middle = (...points: number[]): readonly [number, number] => [
    points.reduce((sum, at) => sum + points68[at][0], 0) / points.length + shift,
    points.reduce((sum, at) => sum + points68[at][1], 0) / points.length,
  ];
  const landmarks = [middle(36, 39), middle(42, 45), middle(30), middle(48), middle(54)];
  return { boxXywh: [30, 40, 50, 80], landmarks, dense };
}

describe('FaceMeshes', () => {
  test('puts a face into its square, point 0 of 68 at the left, and its landmarks where its points are', () => {
    const mesh = meshes.of(faceOf(square, 0)) as FaceMesh;
    const xs = mesh.points68.map(([x]) => x);
    expect(mesh.points68).toHaveLength(68);
    expect(xs[0]).toBeLessThan(xs[16]);
    expect(Math.min(...xs)).toBeGreaterThan(10);
    expect(Math.max(...xs)).toBeLessThan(110);
    // Brows above the mouth, the chin below it.
    expect(mesh.points68[19][1]).toBeLessThan(mesh.points68[48][1]);
    expect(mesh.points68[8][1]).toBeGreaterThan(mesh.points68[57][1]);
    // The eyes' corners are not the detector's pupils, and the nose's vertices differ: a few percent of sqrt(50 x 80) = 63 px.
    expect(mesh.landmarkErrorShare).toBeLessThan(0.05);
    expect(mesh.doubtful).toBe(false);
    expect(mesh.landmarkErrorShare).toBeCloseTo(mesh.landmarkErrorPx / Math.sqrt(4000), 12);
  });

  test('a square seen mirrored gives the mirror image of every point, under the name that it has there', () => {
    const plain = meshes.of(faceOf(square, 0)) as FaceMesh;
    const mirrored = meshes.of(faceOf([110, 20, 10, 120], 0)) as FaceMesh;
    // The square's middle is at x = 60.
    mirrored.points68.forEach(([x, y], point) => {
      expect(x).toBeCloseTo(120 - plain.points68[mirrored68[point]][0], 4);
      expect(y).toBeCloseTo(plain.points68[mirrored68[point]][1], 4);
    });
    expect(mirrored.points68[0][0]).toBeLessThan(mirrored.points68[16][0]);
    expect(mirrored.landmarkErrorShare).toBeCloseTo(plain.landmarkErrorShare, 5);
    expect(mirrored.mirrored).toBe(true);
  });

  test('turns with its square', () => {
    const plain = meshes.of(faceOf(square, 0)) as FaceMesh;
    const turned = meshes.of(faceOf(square, Math.PI / 2)) as FaceMesh;
    // A quarter clockwise about (60, 70): (x, y) goes to (60 - (y - 70), 70 + (x - 60)).
    turned.points68.forEach(([x, y], point) => {
      expect(x).toBeCloseTo(60 - (plain.points68[point][1] - 70), 4);
      expect(y).toBeCloseTo(70 + (plain.points68[point][0] - 60), 4);
    });
  });

  test('doubts a mesh whose landmarks lie a tenth of the face from the detected ones', () => {
    // 8 px of sqrt(50 x 80) = 63.2 px are 12.6 %.
    expect((meshes.of(faceOf(square, 0, 8)) as FaceMesh).doubtful).toBe(true);
  });

  test('says why there is no mesh of a face whose camera stands in its own target; JSON keeps the numbers', () => {
    const { dense, ...face } = faceOf(square, 0);
    const degenerate = { ...dense, parameters: parameters.map((value, at) => (at >= 128 && at < 134 ? 5 : value)) };
    const lost = meshes.of({ ...face, dense: degenerate });
    expect(lost).toHaveProperty('lost');
    const json = JSON.parse(JSON.stringify(meshJson(degenerate, lost as { lost: string })));
    expect(json.camera).toEqual([5, 5, 5, 5, 5, 5, 3.5]);
    expect(json.lost).toMatch(/camera/);
    expect(json.points68).toBeUndefined();
    expect(meshes.of(face)).toBeUndefined();
  });
});

import { mirrored68 } from '@retinabench/core';
import { expect, test } from 'vitest';
import { loadMeshPoints } from '../../src/runs/mesh-points.js';

const face = [...new Array<number>(128).fill(0), 20, 4, 105, 0, 1, 8, 3.5, 0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

test('loadMeshPoints gives the mirror image of a face that a mirrored pass found, and -1 where no mesh can be drawn', async () => {
  const points = await loadMeshPoints();
  const degenerate = face.map((value, at) => (at >= 128 && at < 134 ? 5 : value));
  const parameters = Float32Array.from([...face, ...face, ...degenerate]);
  // The same square of 100 px in the middle of (60, 70), seen as it is and mirrored.
  const squaresXyxy = Float32Array.from([10, 20, 110, 120, 110, 20, 10, 120, 10, 20, 110, 120]);
  const dense = { parameters, squaresXyxy, anchorsXyxy: squaresXyxy, rolls: new Float32Array(3) };
  const found = points({ count: 3, boxesXyxy: new Float32Array(12), scores: new Float32Array(3), dense });
  expect(found).toHaveLength(3 * 136);
  for (let point = 0; point < 68; point++) {
    expect(found[136 + 2 * point]).toBeCloseTo(120 - found[2 * mirrored68[point]], 4);
    expect(found[136 + 2 * point + 1]).toBeCloseTo(found[2 * mirrored68[point] + 1], 4);
  }
  // Point 0 of the jaw lies at the left, point 16 at the right, in both.
  for (const first of [0, 136]) expect(found[first]).toBeLessThan(found[first + 32]);
  expect(new Set(found.slice(272))).toEqual(new Set([-1]));
});

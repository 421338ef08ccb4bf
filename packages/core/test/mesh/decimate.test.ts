import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatasetError, ShapeError } from '../../src/errors.js';
import { closestPointOnTriangle } from '../../src/mesh/closest-point.js';
import { csrMultiply } from '../../src/mesh/csr.js';
import { decimate } from '../../src/mesh/decimate.js';
import { buildHierarchy } from '../../src/mesh/hierarchy.js';
import { assertManifold } from '../../src/mesh/manifold.js';
import { parseObj } from '../../src/mesh/parse-obj.js';
import { adjacencyOf, componentsOf } from '../../src/mesh/topology.js';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.js';
import { upsampleMatrix } from '../../src/mesh/upsample.js';
import { grid, sphere } from './shapes.js';

/** V - E + F: 2 for a sphere, 1 for a disc, summed over components. */
function euler({ positions, triangles }: TriangleMesh): number {
  const vertices = positions.length / 3;
  return vertices - adjacencyOf(triangles, vertices).neighbours.length / 2 + triangles.length / 3;
}

function join(a: TriangleMesh, b: TriangleMesh): TriangleMesh {
  const shift = a.positions.length / 3;
  return {
    positions: Float32Array.of(...a.positions, ...b.positions),
    triangles: Uint32Array.of(...a.triangles, ...b.triangles.map((vertex) => vertex + shift)),
  };
}

describe('assertManifold', () => {
  it('finds the boundary of a disc and none of a sphere', () => {
    expect(assertManifold(sphere(2).triangles, 66, 'sphere').edges).toHaveLength(0);
    const boundary = assertManifold(grid(5).triangles, 25, 'grid');
    expect(boundary.edges.length / 2).toBe(16);
    expect(boundary.onBoundary.reduce((sum, value) => sum + value, 0)).toBe(16);
  });

  it('refuses three triangles at an edge, unlike orientation and two fans at a vertex', () => {
    const at = (triangles: number[], count: number) => () =>
      assertManifold(Uint32Array.from(triangles), count, 'bad.obj');
    expect(at([0, 1, 2, 1, 0, 3, 0, 1, 4], 5)).toThrow(DatasetError);
    expect(at([0, 1, 2, 0, 1, 3], 4)).toThrow(/bad\.obj: .*directed edge \(0, 1\)/);
    expect(at([0, 1, 2, 0, 3, 4], 5)).toThrow(/vertex 0 whose 2 triangles form more than one fan/);
  });
});

describe('decimate', () => {
  it.each([4, 6, 20, 65])('takes a sphere of 66 vertices to %i: manifold, closed, of the same topology', (target) => {
    const { mesh, kept } = decimate(sphere(2), target, 'sphere');
    expect(kept).toHaveLength(target);
    expect(assertManifold(mesh.triangles, target, 'coarse').edges).toHaveLength(0);
    expect(euler(mesh)).toBe(2);
  });

  it('keeps a subset of the vertices where they were', () => {
    const fine = sphere(2);
    const { mesh, kept } = decimate(fine, 20, 'sphere');
    kept.forEach((vertex, index) => {
      expect(mesh.positions.slice(index * 3, index * 3 + 3)).toEqual(fine.positions.slice(vertex * 3, vertex * 3 + 3));
    });
  });

  it('keeps the outline of a flat square: its corners stay and its area is 1', () => {
    const { mesh, kept } = decimate(grid(9), 4, 'grid');
    expect([...kept]).toEqual([0, 8, 72, 80]);
    expect(mesh.triangles).toHaveLength(6);
    expect(euler(mesh)).toBe(1);
  });

  it('keeps components apart and gives the same mesh on every run', () => {
    const both = join(sphere(2), grid(6));
    const first = decimate(both, 20, 'both');
    expect(Math.max(...componentsOf(adjacencyOf(first.mesh.triangles, 20)))).toBe(1);
    expect(euler(first.mesh)).toBe(3);
    expect(decimate(both, 20, 'both')).toEqual(first);
  });

  it('stops with an error where the surface would break, and refuses bad input', () => {
    expect(() => decimate(sphere(1), 3, 'sphere')).toThrow(/expected to reach 3 vertices, got 4/);
    expect(() => decimate(grid(3), 10, 'grid')).toThrow(ShapeError);
    expect(() => decimate({ ...grid(3), triangles: Uint32Array.of(0, 1, 4) }, 3, 'grid')).toThrow(/vertex 2 in none/);
    const positions = grid(3).positions;
    positions[4] = Number.NaN;
    expect(() => decimate({ ...grid(3), positions }, 4, 'grid')).toThrow(/NaN at vertex 1/);
  });
});

describe('closestPointOnTriangle', () => {
  const [a, b, c] = [
    [0, 0, 0],
    [4, 0, 0],
    [0, 4, 0],
  ] as const;

  it.each([
    ['inside', [1, 1, 3], [0.5, 0.25, 0.25], 9],
    ['corner a', [-1, -1, 0], [1, 0, 0], 2],
    ['corner b', [6, -1, 0], [0, 1, 0], 5],
    ['corner c', [-1, 6, 0], [0, 0, 1], 5],
    ['edge ab', [1, -2, 0], [0.75, 0.25, 0], 4],
    ['edge ac', [-2, 1, 0], [0.75, 0, 0.25], 4],
    ['edge bc', [3, 3, 0], [0, 0.5, 0.5], 2],
  ] as const)('in the region of %s', (_, p, weights, squaredDistance) => {
    const closest = closestPointOnTriangle(p, a, b, c);
    expect([...closest.weights]).toEqual([...weights]);
    expect(closest.squaredDistance).toBe(squaredDistance);
  });
});

describe('upsampleMatrix', () => {
  it('reproduces a flat mesh exactly, since every removed vertex lies on the coarse surface', () => {
    const fine = grid(9);
    const coarse = decimate(fine, 12, 'grid');
    const up = upsampleMatrix(fine, coarse);
    const restored = csrMultiply(up, coarse.mesh.positions, 3, new Float32Array(fine.positions.length));
    restored.forEach((value, at) => {
      expect(Math.abs(value - fine.positions[at])).toBeLessThan(1e-6);
    });
  });

  it('takes from the first of the closest triangles of the component, as a comparison with all finds it', () => {
    const fine = join(sphere(3), grid(12));
    const { mesh, kept } = decimate(fine, 90, 'both');
    const up = upsampleMatrix(fine, { mesh, kept });
    const pointOf = (positions: Float32Array, at: number): [number, number, number] => [
      positions[3 * at],
      positions[3 * at + 1],
      positions[3 * at + 2],
    ];
    for (let vertex = 0; vertex < up.rows; vertex++) {
      if (kept.includes(vertex)) continue;
      let least = Number.POSITIVE_INFINITY;
      let expected: [column: number, value: number][] = [];
      for (let triangle = 0; triangle < mesh.triangles.length / 3; triangle++) {
        const corners = [...mesh.triangles.subarray(3 * triangle, 3 * triangle + 3)];
        if (kept[corners[0]] < 258 !== vertex < 258) continue;
        const [a, b, c] = corners.map((corner) => pointOf(mesh.positions, corner));
        const { squaredDistance, weights } = closestPointOnTriangle(pointOf(fine.positions, vertex), a, b, c);
        if (squaredDistance >= least) continue;
        least = squaredDistance;
        expected = corners.map((corner, at): [number, number] => [corner, Math.fround(weights[at])]);
      }
      const found = Array.from(up.columnIndex.subarray(up.rowStart[vertex], up.rowStart[vertex + 1]), (column, at) => [
        column,
        up.values[up.rowStart[vertex] + at],
      ]);
      expect(found).toEqual(expected.filter(([, value]) => value > 0).sort(([p], [q]) => p - q));
    }
  });

  it('has rows of at most three weights, none negative, that sum to 1 and stay in the component', () => {
    const fine = join(sphere(3), grid(6));
    const coarse = decimate(fine, 60, 'both');
    const up = upsampleMatrix(fine, coarse);
    for (let row = 0; row < up.rows; row++) {
      const columns = up.columnIndex.subarray(up.rowStart[row], up.rowStart[row + 1]);
      const values = Array.from(up.values.subarray(up.rowStart[row], up.rowStart[row + 1]));
      expect(columns.length).toBeGreaterThan(0);
      expect(columns.length).toBeLessThanOrEqual(3);
      expect(Math.min(...values)).toBeGreaterThan(0);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      for (const column of columns) expect(coarse.kept[column] < 258).toBe(row < 258);
    }
  });
});

const comaFile = path.join(process.env.RETINABENCH_SHARED ?? '../shared', 'mesh', 'coma-5023.obj');

describe.skipIf(!existsSync(comaFile))(
  'buildHierarchy on coma-5023.obj (skipped without the shared data folder)',
  () => {
    it('quarters 5,023 vertices twice, keeping components, boundary loops and a distance of under 2 % of the head', () => {
      const head = parseObj(readFileSync(comaFile, 'utf8'), 'coma-5023.obj');
      const { levels, upsample } = buildHierarchy(head, 3, 'coma');
      expect(levels.map(({ lhat }) => lhat.rows)).toEqual([5023, 1256, 314]);
      // Euler: 5,023 vertices, 9,976 triangles; decimation changes neither components nor boundary loops, so not the sum.
      const sums = levels.map(({ mesh }) => euler(mesh));
      expect(sums).toEqual([sums[0], sums[0], sums[0]]);
      for (const { mesh } of levels) assertManifold(mesh.triangles, mesh.positions.length / 3, 'level');
      const middle = csrMultiply(upsample[1], levels[2].mesh.positions, 3, new Float32Array(1256 * 3));
      const fine = csrMultiply(upsample[0], middle, 3, new Float32Array(5023 * 3));
      const side = Math.max(...head.positions) - Math.min(...head.positions);
      let sum = 0;
      for (let at = 0; at < fine.length; at += 3) {
        sum += Math.hypot(...[0, 1, 2].map((axis) => fine[at + axis] - head.positions[at + axis]));
      }
      expect(sum / 5023 / side).toBeLessThan(0.02);
    });
  },
);

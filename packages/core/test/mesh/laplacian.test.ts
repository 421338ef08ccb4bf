import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { assertCsr, type CsrMatrix, csrMultiply, csrTranspose } from '../../src/mesh/csr.js';
import { laplacianOf } from '../../src/mesh/laplacian.js';
import { largestEigenvalue } from '../../src/mesh/power-iteration.js';
import { scaledLaplacian } from '../../src/mesh/scaled-laplacian.js';
import { adjacencyOf, componentsOf } from '../../src/mesh/topology.js';
import { sphere } from './shapes.js';

const tetrahedron = Uint32Array.of(0, 1, 2, 0, 3, 1, 1, 3, 2, 2, 3, 0);
const twoTriangles = Uint32Array.of(0, 1, 2, 0, 2, 3);

function dense(matrix: CsrMatrix): number[][] {
  const rows = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.rowStart[row]; at < matrix.rowStart[row + 1]; at++) {
      rows[row][matrix.columnIndex[at]] += matrix.values[at];
    }
  }
  return rows;
}

describe('adjacencyOf', () => {
  it('lists the neighbours of each vertex once, ascending', () => {
    const { rowStart, neighbours } = adjacencyOf(twoTriangles, 5);
    expect([...rowStart]).toEqual([0, 3, 5, 8, 10, 10]);
    expect([...neighbours]).toEqual([1, 2, 3, 0, 2, 0, 1, 3, 0, 2]);
  });

  it('refuses a triangle that repeats or misses a vertex', () => {
    expect(() => adjacencyOf(Uint32Array.of(0, 1, 1), 3)).toThrow(ShapeError);
    expect(() => adjacencyOf(Uint32Array.of(0, 1, 3), 3)).toThrow(/\(0, 1, 3\) at triangle 0/);
    expect(() => adjacencyOf(Uint32Array.of(0, 1), 3)).toThrow(ShapeError);
  });

  it('satisfies Euler: a sphere of n vertices has 3 n - 6 edges', () => {
    const { positions, triangles } = sphere(3);
    const count = positions.length / 3;
    expect(adjacencyOf(triangles, count).neighbours.length / 2).toBe(3 * count - 6);
  });
});

describe('componentsOf', () => {
  it('numbers components by their lowest vertex, isolated vertices alone', () => {
    expect([...componentsOf(adjacencyOf(Uint32Array.of(0, 4, 2, 3, 5, 6), 7))]).toEqual([0, 1, 0, 2, 0, 2, 2]);
  });
});

describe('laplacianOf', () => {
  it('is D - E in the combinatorial form', () => {
    expect(dense(laplacianOf(adjacencyOf(twoTriangles, 4), 'combinatorial'))).toEqual([
      [3, -1, -1, -1],
      [-1, 2, -1, 0],
      [-1, -1, 3, -1],
      [-1, 0, -1, 2],
    ]);
  });

  it('is I - D^-1/2 E D^-1/2 in the normalised form, with zeros for an isolated vertex', () => {
    const rows = dense(laplacianOf(adjacencyOf(twoTriangles, 5), 'normalised'));
    // Degrees 3, 2, 3, 2: -1/sqrt(6) between 0 and 1, -1/3 between 0 and 2.
    expect(rows[0][1]).toBeCloseTo(-1 / Math.sqrt(6), 15);
    expect(rows[0][2]).toBeCloseTo(-1 / 3, 15);
    expect(rows[1]).toEqual([rows[0][1], 1, rows[0][1], 0, 0]);
    expect(rows[4]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('largestEigenvalue', () => {
  it('is n for the combinatorial and n / (n - 1) for the normalised Laplacian of the complete graph', () => {
    const adjacency = adjacencyOf(tetrahedron, 4);
    expect(largestEigenvalue(laplacianOf(adjacency, 'combinatorial')).value).toBeCloseTo(4, 9);
    expect(largestEigenvalue(laplacianOf(adjacency, 'normalised')).value).toBeCloseTo(4 / 3, 9);
  });

  it('of the octahedron, K(2,2,2), is 6 combinatorial and 3/2 normalised', () => {
    const { triangles } = sphere(0);
    const adjacency = adjacencyOf(triangles, 6);
    expect(largestEigenvalue(laplacianOf(adjacency, 'combinatorial')).value).toBeCloseTo(6, 9);
    expect(largestEigenvalue(laplacianOf(adjacency, 'normalised')).value).toBeCloseTo(1.5, 9);
  });

  it('is 0 without edges, and says when it did not converge', () => {
    expect(largestEigenvalue(laplacianOf(adjacencyOf(new Uint32Array(0), 3), 'normalised')).value).toBe(0);
    const matrix = laplacianOf(adjacencyOf(sphere(2).triangles, 66), 'combinatorial');
    expect(largestEigenvalue(matrix, { maxIterations: 2 })).toMatchObject({ iterations: 2, converged: false });
  });

  it('never exceeds 2 in the normalised form', () => {
    const { value, converged } = largestEigenvalue(laplacianOf(adjacencyOf(sphere(3).triangles, 258), 'normalised'));
    expect(converged).toBe(true);
    expect(value).toBeGreaterThan(1);
    expect(value).toBeLessThan(2);
  });
});

describe('scaledLaplacian', () => {
  it('is 2 L / lambda_max - I', () => {
    const laplacian = laplacianOf(adjacencyOf(twoTriangles, 4), 'combinatorial');
    expect(dense(scaledLaplacian(laplacian, 4, 'float64'))[1]).toEqual([-0.5, 0, -0.5, 0]);
    expect(() => scaledLaplacian(laplacian, 0)).toThrow(ShapeError);
  });
});

describe('csrMultiply and csrTranspose', () => {
  const matrix: CsrMatrix = {
    rows: 2,
    columns: 3,
    rowStart: Uint32Array.of(0, 2, 3),
    columnIndex: Uint32Array.of(0, 2, 1),
    values: Float64Array.of(1, 2, 3),
  };

  it('multiplies row-major features: [[1, 0, 2], [0, 3, 0]] x', () => {
    const out = csrMultiply(matrix, Float64Array.of(1, 10, 2, 20, 3, 30), 2, new Float64Array(4));
    expect([...out]).toEqual([7, 70, 6, 60]);
    expect(() => csrMultiply(matrix, new Float64Array(5), 2, new Float64Array(4))).toThrow(ShapeError);
  });

  it('transposes', () => {
    expect(dense(csrTranspose(matrix))).toEqual([
      [1, 0],
      [0, 3],
      [2, 0],
    ]);
  });

  it('assertCsr names what does not fit', () => {
    expect(() => assertCsr({ ...matrix, columns: 2 }, 'm')).toThrow(/m: expected columns below 2, got 2/);
    expect(() => assertCsr({ ...matrix, rowStart: Uint32Array.of(0, 4, 3) }, 'm')).toThrow(ShapeError);
    expect(() => assertCsr({ ...matrix, values: Float64Array.of(1, Number.NaN, 3) }, 'm')).toThrow(/finite/);
  });
});

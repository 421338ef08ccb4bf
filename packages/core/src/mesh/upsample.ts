import type { CsrMatrix } from './csr.js';
import type { Decimated } from './decimate.js';
import { adjacencyOf, componentsOf } from './topology.js';
import type { TriangleMesh } from './triangle-mesh.js';
import { type ClosestTriangle, TriangleTree } from './triangle-tree.js';

/**
 * The up-sampling matrix from a decimated mesh to the one it came from: a kept vertex takes its own value, a removed one
 * the barycentric mean of the closest coarse triangle of its own connected component (so that an eyelid does not take
 * from the eyeball behind it).
 *
 * @returns [n fine, n coarse] in float32; every row sums to 1 up to rounding, has one to three entries, none negative.
 * Cost: O(removed vertices x log of coarse triangles) on a surface.
 */
export function upsampleMatrix(fine: TriangleMesh, coarse: Decimated): CsrMatrix {
  const { mesh, kept } = coarse;
  const fineCount = fine.positions.length / 3;
  const component = componentsOf(adjacencyOf(fine.triangles, fineCount));
  const coarseOf = new Int32Array(fineCount).fill(-1);
  kept.forEach((vertex, index) => {
    coarseOf[vertex] = index;
  });
  const trees = treesOf(mesh, kept, component);
  const rowStart = new Uint32Array(fineCount + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let vertex = 0; vertex < fineCount; vertex++) {
    if (coarseOf[vertex] >= 0) {
      columns.push(coarseOf[vertex]);
      values.push(1);
    } else {
      const tree = trees.get(component[vertex]);
      const { triangle, weights } = tree?.closest(pointAt(fine.positions, vertex)) ?? nowhere;
      weights
        .map((weight, corner) => ({ weight, column: mesh.triangles[triangle * 3 + corner] }))
        .filter(({ weight }) => weight > 0)
        .sort((a, b) => a.column - b.column)
        .forEach(({ weight, column }) => {
          columns.push(column);
          values.push(weight);
        });
    }
    rowStart[vertex + 1] = columns.length;
  }
  return {
    rows: fineCount,
    columns: kept.length,
    rowStart,
    columnIndex: Uint32Array.from(columns),
    values: Float32Array.from(values),
  };
}

/** What a vertex takes from whose component no triangle is left. */
const nowhere: ClosestTriangle = { triangle: 0, weights: [1, 0, 0] };

/** The triangles of each connected component of the fine mesh that has any. */
function treesOf(mesh: TriangleMesh, kept: ArrayLike<number>, component: ArrayLike<number>): Map<number, TriangleTree> {
  const trianglesOf = new Map<number, number[]>();
  for (let triangle = 0; triangle < mesh.triangles.length / 3; triangle++) {
    const own = component[kept[mesh.triangles[triangle * 3]]];
    const listed = trianglesOf.get(own) ?? [];
    trianglesOf.set(own, listed);
    listed.push(triangle);
  }
  return new Map(
    Array.from(trianglesOf, ([own, triangles]) => [own, new TriangleTree(mesh, Uint32Array.from(triangles))]),
  );
}

function pointAt(positions: Float32Array, vertex: number): readonly [number, number, number] {
  return [positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]];
}

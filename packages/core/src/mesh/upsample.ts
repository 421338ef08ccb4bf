import { closestPointOnTriangle } from './closest-point.js';
import type { CsrMatrix } from './csr.js';
import type { Decimated } from './decimate.js';
import { adjacencyOf, componentsOf } from './topology.js';
import type { TriangleMesh } from './triangle-mesh.js';

/**
 * The up-sampling matrix from a decimated mesh to the one it came from: a kept vertex takes its own value, a removed one
 * the barycentric mean of the closest coarse triangle of its own connected component (so that an eyelid does not take
 * from the eyeball behind it).
 *
 * @returns [n fine, n coarse] in float32; every row sums to 1 up to rounding, has one to three entries, none negative.
 * Cost: O(removed vertices x coarse triangles), with a rejection by bounding sphere.
 */
export function upsampleMatrix(fine: TriangleMesh, coarse: Decimated): CsrMatrix {
  const { mesh, kept } = coarse;
  const fineCount = fine.positions.length / 3;
  const component = componentsOf(adjacencyOf(fine.triangles, fineCount));
  const coarseOf = new Int32Array(fineCount).fill(-1);
  kept.forEach((vertex, index) => {
    coarseOf[vertex] = index;
  });
  const spheres = boundingSpheres(mesh);
  const rowStart = new Uint32Array(fineCount + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let vertex = 0; vertex < fineCount; vertex++) {
    if (coarseOf[vertex] >= 0) {
      columns.push(coarseOf[vertex]);
      values.push(1);
    } else {
      const inside = (triangle: number): boolean => component[kept[mesh.triangles[triangle * 3]]] === component[vertex];
      const { triangle, weights } = closestTriangle(pointAt(fine.positions, vertex), mesh, spheres, inside);
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

/** Centroid and radius of each triangle, [m, 4]. */
function boundingSpheres(mesh: TriangleMesh): Float64Array {
  const { positions, triangles } = mesh;
  const spheres = new Float64Array((triangles.length / 3) * 4);
  for (let triangle = 0; triangle < triangles.length / 3; triangle++) {
    const corners = [0, 1, 2].map((corner) => pointAt(positions, triangles[triangle * 3 + corner]));
    const centre = [0, 1, 2].map((axis) => (corners[0][axis] + corners[1][axis] + corners[2][axis]) / 3);
    const radius = Math.max(
      ...corners.map((point) => Math.hypot(point[0] - centre[0], point[1] - centre[1], point[2] - centre[2])),
    );
    spheres.set([...centre, radius], triangle * 4);
  }
  return spheres;
}

function closestTriangle(
  point: readonly [number, number, number],
  mesh: TriangleMesh,
  spheres: Float64Array,
  inside: (triangle: number) => boolean,
): { readonly triangle: number; readonly weights: readonly [number, number, number] } {
  let best = Number.POSITIVE_INFINITY;
  let found: { triangle: number; weights: readonly [number, number, number] } = { triangle: 0, weights: [1, 0, 0] };
  for (let triangle = 0; triangle < spheres.length / 4; triangle++) {
    const dx = point[0] - spheres[triangle * 4];
    const dy = point[1] - spheres[triangle * 4 + 1];
    const dz = point[2] - spheres[triangle * 4 + 2];
    const reach = Math.sqrt(best) + spheres[triangle * 4 + 3];
    if (dx * dx + dy * dy + dz * dz > reach * reach || !inside(triangle)) continue;
    const [a, b, c] = [0, 1, 2].map((corner) => pointAt(mesh.positions, mesh.triangles[triangle * 3 + corner]));
    const closest = closestPointOnTriangle(point, a, b, c);
    if (closest.squaredDistance < best) {
      best = closest.squaredDistance;
      found = { triangle, weights: closest.weights };
    }
  }
  return found;
}

function pointAt(positions: Float32Array, vertex: number): readonly [number, number, number] {
  return [positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]];
}

import { DatasetError, ShapeError } from '../errors.js';
import { CollapseMesh } from './collapse-mesh.js';
import { CollapseQueue } from './collapse-queue.js';
import { assertManifold } from './manifold.js';
import { quadricError, quadricSize, vertexQuadrics } from './quadric.js';
import type { TriangleMesh } from './triangle-mesh.js';

/** A decimated mesh: a subset of the vertices of the one it came from. */
export interface Decimated {
  readonly mesh: TriangleMesh;
  /** Uint32Array [n coarse]: the index of each vertex in the fine mesh, ascending. */
  readonly kept: Uint32Array;
}

/**
 * Decimate a mesh by quadric edge collapse. Each step moves one end of an edge onto the other, whichever is cheaper, so
 * the coarse vertices are a subset of the fine ones. The surface stays an oriented manifold with the same components and
 * boundary loops (CollapseMesh.mayCollapse); boundary vertices move only along the boundary.
 *
 * @param mesh   an oriented manifold without isolated vertices.
 * @param target vertices wanted, at least 3.
 * @param place  what the mesh is, for messages.
 * @returns a mesh of `target` vertices; the same on every run.
 * @throws {ShapeError} if `target` is not a whole number from 3 to the number of vertices, or arrays do not fit.
 * @throws {DatasetError} if the mesh is no manifold, has an isolated vertex or a position that is not finite, or if no
 * further edge can be collapsed without breaking the surface.
 * Cost: O(n log n).
 * Source: Garland and Heckbert 1997; subset placement as in arXiv:1807.10267, section 3.
 */
export function decimate(mesh: TriangleMesh, target: number, place: string): Decimated {
  const { positions, triangles } = mesh;
  const count = positions.length / 3;
  if (!Number.isInteger(target) || target < 3 || target > count) {
    throw new ShapeError(`${place}: expected a target from 3 to ${count} vertices, got ${target}`);
  }
  const boundary = assertManifold(triangles, count, place);
  assertPlaced(mesh, place);
  const quadrics = vertexQuadrics(positions, triangles, boundary.edges);
  const surface = new CollapseMesh(positions, triangles, boundary.onBoundary);
  const version = new Uint32Array(count);
  const alive = new Uint8Array(count).fill(1);
  const queue = new CollapseQueue();
  const enqueue = (a: number, b: number): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const at = to * 3;
      const cost = quadricError(quadrics, from, to, positions[at], positions[at + 1], positions[at + 2]);
      queue.push({ from, to, cost, version: version[from] + version[to] });
    }
  };
  for (let vertex = 0; vertex < count; vertex++) {
    for (const other of surface.neighboursOf(vertex)) if (vertex < other) enqueue(vertex, other);
  }
  const refused = new Set<number>();
  let left = count;
  while (left > target) {
    const next = queue.pop();
    if (next === undefined) {
      throw new DatasetError(
        `${place}: expected to reach ${target} vertices, got ${left}, below which the surface would break; ask for ${left} or more`,
      );
    }
    const { from, to } = next;
    if (!alive[from] || !alive[to] || next.version !== version[from] + version[to]) continue;
    if (!surface.mayCollapse(from, to)) {
      refused.add(from * count + to);
      continue;
    }
    surface.collapse(from, to);
    for (let offset = 0; offset < quadricSize; offset++) {
      quadrics[to * quadricSize + offset] += quadrics[from * quadricSize + offset];
    }
    alive[from] = 0;
    left--;
    version[to]++;
    const ring = surface.neighboursOf(to);
    for (const vertex of ring) {
      enqueue(vertex, to);
      for (const further of surface.neighboursOf(vertex)) {
        const wasRefused = refused.delete(vertex * count + further) || refused.delete(further * count + vertex);
        if (wasRefused && further !== to) enqueue(vertex, further);
      }
    }
  }
  return compact(mesh, surface.liveTriangles(), alive);
}

function compact(mesh: TriangleMesh, triangles: Uint32Array, alive: Uint8Array): Decimated {
  const indexOf = new Uint32Array(alive.length);
  const kept: number[] = [];
  alive.forEach((isAlive, vertex) => {
    if (isAlive) indexOf[vertex] = kept.push(vertex) - 1;
  });
  const pick = (values: Float32Array): Float32Array =>
    Float32Array.from(kept.flatMap((vertex) => [values[vertex * 3], values[vertex * 3 + 1], values[vertex * 3 + 2]]));
  return {
    mesh: {
      positions: pick(mesh.positions),
      triangles: triangles.map((vertex) => indexOf[vertex]),
      ...(mesh.colours && { colours: pick(mesh.colours) }),
    },
    kept: Uint32Array.from(kept),
  };
}

function assertPlaced(mesh: TriangleMesh, place: string): void {
  const used = new Uint8Array(mesh.positions.length / 3);
  for (const vertex of mesh.triangles) used[vertex] = 1;
  const isolated = used.indexOf(0);
  if (isolated >= 0) {
    throw new DatasetError(`${place}: expected every vertex in a triangle, got vertex ${isolated} in none; remove it`);
  }
  const bad = mesh.positions.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DatasetError(
      `${place}: expected finite positions, got ${mesh.positions[bad]} at vertex ${Math.floor(bad / 3)}; repair the mesh`,
    );
  }
}

import { DatasetError } from '../errors.js';
import { assertTriangles } from './topology.js';

/** The edges of a mesh at which only one triangle lies. */
export interface MeshBoundary {
  /** Pairs of vertices, directed as in their triangle. */
  readonly edges: Uint32Array;
  /** Uint8Array [n]: 1 for a vertex of a boundary edge. */
  readonly onBoundary: Uint8Array;
}

/**
 * Check that a mesh is an oriented 2-manifold with boundary: each directed edge occurs once (at most two triangles meet
 * at an edge, oriented alike) and the triangles at each vertex form one fan.
 *
 * @param place what the mesh is, for the message.
 * @returns its boundary.
 * @throws {ShapeError} if the triangles do not fit the vertices.
 * @throws {DatasetError} naming the first edge or vertex at which the surface is no manifold.
 * Cost: O(m).
 */
export function assertManifold(triangles: Uint32Array, vertexCount: number, place: string): MeshBoundary {
  assertTriangles(triangles, vertexCount, `${place}: triangles`);
  const next = nextByEdge(triangles, vertexCount, place);
  const edges: number[] = [];
  const onBoundary = new Uint8Array(vertexCount);
  for (const key of next.keys()) {
    const to = key % vertexCount;
    const from = (key - to) / vertexCount;
    if (next.has(to * vertexCount + from)) continue;
    edges.push(from, to);
    onBoundary[from] = 1;
    onBoundary[to] = 1;
  }
  assertFans(triangles, vertexCount, next, place);
  return { edges: Uint32Array.from(edges), onBoundary };
}

/** For each directed edge (a, b), keyed a n + b: the third vertex of its triangle. */
function nextByEdge(triangles: Uint32Array, vertexCount: number, place: string): Map<number, number> {
  const next = new Map<number, number>();
  for (let corner = 0; corner < triangles.length; corner++) {
    const base = corner - (corner % 3);
    const from = triangles[corner];
    const to = triangles[base + ((corner + 1) % 3)];
    const key = from * vertexCount + to;
    if (next.has(key)) {
      throw new DatasetError(
        `${place}: expected a manifold, got the directed edge (${from}, ${to}) in two triangles, the second being ${base / 3}; remove double faces and orient all alike`,
      );
    }
    next.set(key, triangles[base + ((corner + 2) % 3)]);
  }
  return next;
}

/** Walk around each vertex from a boundary edge, or from anywhere; all its triangles must be met. */
function assertFans(triangles: Uint32Array, vertexCount: number, next: Map<number, number>, place: string): void {
  const degree = new Uint32Array(vertexCount);
  const start = new Uint32Array(vertexCount);
  const startsAtBoundary = new Uint8Array(vertexCount);
  for (let corner = 0; corner < triangles.length; corner++) {
    const vertex = triangles[corner];
    const to = triangles[corner - (corner % 3) + ((corner + 1) % 3)];
    degree[vertex]++;
    const first = !next.has(to * vertexCount + vertex);
    if (first || degree[vertex] === 1) start[vertex] = startsAtBoundary[vertex] ? start[vertex] : to;
    if (first) startsAtBoundary[vertex] = 1;
  }
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let met = 0;
    let around: number | undefined = start[vertex];
    while (met < degree[vertex] && around !== undefined) {
      around = next.get(vertex * vertexCount + around);
      if (around === undefined) break;
      met++;
      if (around === start[vertex]) break;
    }
    if (met !== degree[vertex]) {
      throw new DatasetError(
        `${place}: expected a manifold, got vertex ${vertex} whose ${degree[vertex]} triangles form more than one fan; split the vertex`,
      );
    }
  }
}

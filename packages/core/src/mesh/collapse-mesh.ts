import { triangleNormal } from './quadric.js';

/** Cosine of the largest turn of a triangle's normal that a collapse may cause. */
const smallestNormalCosine = 0.2;

/** A mesh under decimation: triangles by vertex, with the tests and the step of a half-edge collapse. */
export class CollapseMesh {
  readonly #positions: Float32Array;
  readonly #triangles: Uint32Array;
  readonly #alive: Uint8Array;
  readonly #onBoundary: Uint8Array;
  readonly #trianglesOf: Set<number>[];

  /** @param triangles is copied; @param onBoundary as assertManifold gives it. */
  constructor(positions: Float32Array, triangles: Uint32Array, onBoundary: Uint8Array) {
    this.#positions = positions;
    this.#triangles = triangles.slice();
    this.#onBoundary = onBoundary;
    this.#alive = new Uint8Array(triangles.length / 3).fill(1);
    this.#trianglesOf = Array.from({ length: positions.length / 3 }, () => new Set<number>());
    triangles.forEach((vertex, corner) => {
      this.#trianglesOf[vertex].add(Math.floor(corner / 3));
    });
  }

  /** The vertices that share a triangle with `vertex`. */
  neighboursOf(vertex: number): Set<number> {
    const neighbours = new Set<number>();
    for (const triangle of this.#trianglesOf[vertex]) {
      for (const corner of this.#cornersOf(triangle)) if (corner !== vertex) neighbours.add(corner);
    }
    return neighbours;
  }

  /** The triangles left, in their first order. */
  liveTriangles(): Uint32Array {
    const kept: number[] = [];
    this.#alive.forEach((alive, triangle) => {
      if (alive) kept.push(...this.#cornersOf(triangle));
    });
    return Uint32Array.from(kept);
  }

  /**
   * Whether moving `from` onto `to` keeps the surface a manifold of the same topology with the same boundary loops:
   * the link condition (their common neighbours are just the vertices opposite the edge, and no triangle would double),
   * boundary vertices move only along the boundary, at least one triangle stays at each side, and no triangle turns
   * over or loses its area.
   */
  mayCollapse(from: number, to: number): boolean {
    const shared = [...this.#trianglesOf[from]].filter((triangle) => this.#trianglesOf[to].has(triangle));
    if (shared.length === 0) return false;
    if (this.#onBoundary[from] && shared.length !== 1) return false;
    const ofTo = this.neighboursOf(to);
    const common = [...this.neighboursOf(from)].filter((vertex) => ofTo.has(vertex));
    if (common.length !== shared.length) return false;
    if (this.#onBoundary[from] && common.some((vertex) => this.#boundaryTriangle(from, to, vertex))) return false;
    if (this.#wouldDouble(from, to) || this.#trianglesOf[from].size === shared.length) return false;
    return this.#keepsNormals(from, to);
  }

  /** Move `from` onto `to`; mayCollapse must hold. */
  collapse(from: number, to: number): void {
    for (const triangle of this.#trianglesOf[from]) {
      if (this.#trianglesOf[to].has(triangle)) {
        this.#alive[triangle] = 0;
        for (const corner of this.#cornersOf(triangle)) if (corner !== from) this.#trianglesOf[corner].delete(triangle);
        continue;
      }
      for (let corner = triangle * 3; corner < triangle * 3 + 3; corner++) {
        if (this.#triangles[corner] === from) this.#triangles[corner] = to;
      }
      this.#trianglesOf[to].add(triangle);
    }
    this.#trianglesOf[from].clear();
  }

  #cornersOf(triangle: number): Uint32Array {
    return this.#triangles.subarray(triangle * 3, triangle * 3 + 3);
  }

  /** Whether the third boundary vertex closes a loop of three, which a collapse would close up. */
  #boundaryTriangle(from: number, to: number, vertex: number): boolean {
    return this.#isBoundaryEdge(from, vertex) && this.#isBoundaryEdge(to, vertex);
  }

  #isBoundaryEdge(a: number, b: number): boolean {
    let shared = 0;
    for (const triangle of this.#trianglesOf[a]) if (this.#trianglesOf[b].has(triangle)) shared++;
    return shared === 1;
  }

  /** Whether a moved triangle would have the same three vertices as one that stays (a tetrahedron folding flat). */
  #wouldDouble(from: number, to: number): boolean {
    const key = (corners: Uint32Array, skip: number): string =>
      [...corners]
        .filter((vertex) => vertex !== skip)
        .sort((a, b) => a - b)
        .join();
    const staying = new Set<string>();
    for (const triangle of this.#trianglesOf[to]) {
      const corners = this.#cornersOf(triangle);
      if (!corners.includes(from)) staying.add(key(corners, to));
    }
    for (const triangle of this.#trianglesOf[from]) {
      const corners = this.#cornersOf(triangle);
      if (!corners.includes(to) && staying.has(key(corners, from))) return true;
    }
    return false;
  }

  #keepsNormals(from: number, to: number): boolean {
    for (const triangle of this.#trianglesOf[from]) {
      const corners = this.#cornersOf(triangle);
      if (corners.includes(to)) continue;
      const [a, b, c] = corners;
      const before = triangleNormal(this.#positions, a, b, c);
      if (before.area === 0) continue;
      const moved = [a, b, c].map((vertex) => (vertex === from ? to : vertex));
      const after = triangleNormal(this.#positions, moved[0], moved[1], moved[2]);
      const [x, y, z] = after.normal;
      if (before.normal[0] * x + before.normal[1] * y + before.normal[2] * z < smallestNormalCosine) return false;
    }
    return true;
  }
}

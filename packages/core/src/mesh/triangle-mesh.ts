/** A triangle mesh, optionally with a colour at each vertex. */
export interface TriangleMesh {
  /** Float32Array [n, 3]: (x, y, z) in the units of its source. */
  readonly positions: Float32Array;
  /** Uint32Array [m, 3]: vertex indices of each triangle, counter-clockwise seen from outside. */
  readonly triangles: Uint32Array;
  /** Float32Array [n, 3]: (r, g, b), 0..1. */
  readonly colours?: Float32Array;
}

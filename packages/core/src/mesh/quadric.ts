/** Numbers of a quadric: the upper triangle of the symmetric 4 x 4 matrix, row by row. */
export const quadricSize = 10;

/**
 * Add weight times the squared distance to the plane n . x + d = 0 to quadric `index` of `quadrics`.
 *
 * @param quadrics Float64Array [count, 10].
 * Source: Garland and Heckbert, Surface simplification using quadric error metrics, 1997, section 5.
 */
function addPlane(
  quadrics: Float64Array,
  index: number,
  nx: number,
  ny: number,
  nz: number,
  d: number,
  weight: number,
): void {
  const at = index * quadricSize;
  quadrics[at] += weight * nx * nx;
  quadrics[at + 1] += weight * nx * ny;
  quadrics[at + 2] += weight * nx * nz;
  quadrics[at + 3] += weight * nx * d;
  quadrics[at + 4] += weight * ny * ny;
  quadrics[at + 5] += weight * ny * nz;
  quadrics[at + 6] += weight * ny * d;
  quadrics[at + 7] += weight * nz * nz;
  quadrics[at + 8] += weight * nz * d;
  quadrics[at + 9] += weight * d * d;
}

/** The sum of quadrics `a` and `b` at the point (x, y, z), not below 0. */
export function quadricError(quadrics: Float64Array, a: number, b: number, x: number, y: number, z: number): number {
  const i = a * quadricSize;
  const j = b * quadricSize;
  const sum = (offset: number): number => quadrics[i + offset] + quadrics[j + offset];
  const error =
    x * x * sum(0) +
    2 * x * (y * sum(1) + z * sum(2) + sum(3)) +
    y * y * sum(4) +
    2 * y * (z * sum(5) + sum(6)) +
    z * z * sum(7) +
    2 * z * sum(8) +
    sum(9);
  return Math.max(0, error);
}

/**
 * The quadrics of all vertices: the planes of their triangles weighted by area, and for each boundary edge the plane
 * through it at right angles to its triangle, weighted by 100 times the squared length of the edge, so that the outline
 * of an open mesh keeps its shape.
 *
 * @param boundary pairs of vertices directed as in their triangle (assertManifold).
 */
export function vertexQuadrics(positions: Float32Array, triangles: Uint32Array, boundary: Uint32Array): Float64Array {
  const quadrics = new Float64Array((positions.length / 3) * quadricSize);
  const normals = new Map<number, readonly [number, number, number]>();
  const count = positions.length / 3;
  const boundaryKeys = new Set<number>();
  for (let at = 0; at < boundary.length; at += 2) boundaryKeys.add(boundary[at] * count + boundary[at + 1]);
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at], triangles[at + 1], triangles[at + 2]];
    const { normal, area } = triangleNormal(positions, corners[0], corners[1], corners[2]);
    if (area === 0) continue;
    const [nx, ny, nz] = normal;
    const d = -dotAt(positions, corners[0], nx, ny, nz);
    for (const vertex of corners) addPlane(quadrics, vertex, nx, ny, nz, d, area / 3);
    corners.forEach((from, corner) => {
      const key = from * count + corners[(corner + 1) % 3];
      if (boundaryKeys.has(key)) normals.set(key, normal);
    });
  }
  for (let at = 0; at < boundary.length; at += 2) {
    const normal = normals.get(boundary[at] * count + boundary[at + 1]);
    if (normal) addBoundaryPlane(quadrics, positions, boundary[at], boundary[at + 1], normal);
  }
  return quadrics;
}

function addBoundaryPlane(
  quadrics: Float64Array,
  positions: Float32Array,
  a: number,
  b: number,
  normal: readonly [number, number, number],
): void {
  const ex = positions[b * 3] - positions[a * 3];
  const ey = positions[b * 3 + 1] - positions[a * 3 + 1];
  const ez = positions[b * 3 + 2] - positions[a * 3 + 2];
  const px = ey * normal[2] - ez * normal[1];
  const py = ez * normal[0] - ex * normal[2];
  const pz = ex * normal[1] - ey * normal[0];
  const length = Math.hypot(px, py, pz);
  if (length === 0) return;
  const d = -dotAt(positions, a, px, py, pz) / length;
  const weight = 100 * (ex * ex + ey * ey + ez * ez);
  for (const vertex of [a, b]) addPlane(quadrics, vertex, px / length, py / length, pz / length, d, weight);
}

/** Unit normal (zero if the triangle has no area) and area of triangle (a, b, c). */
export function triangleNormal(
  positions: Float32Array,
  a: number,
  b: number,
  c: number,
): { readonly normal: readonly [number, number, number]; readonly area: number } {
  const ux = positions[b * 3] - positions[a * 3];
  const uy = positions[b * 3 + 1] - positions[a * 3 + 1];
  const uz = positions[b * 3 + 2] - positions[a * 3 + 2];
  const vx = positions[c * 3] - positions[a * 3];
  const vy = positions[c * 3 + 1] - positions[a * 3 + 1];
  const vz = positions[c * 3 + 2] - positions[a * 3 + 2];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const length = Math.hypot(nx, ny, nz);
  if (length === 0) return { normal: [0, 0, 0], area: 0 };
  return { normal: [nx / length, ny / length, nz / length], area: length / 2 };
}

function dotAt(positions: Float32Array, vertex: number, x: number, y: number, z: number): number {
  return positions[vertex * 3] * x + positions[vertex * 3 + 1] * y + positions[vertex * 3 + 2] * z;
}

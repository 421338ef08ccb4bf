import type { FloatArray } from '../mesh/float-array.js';

/**
 * Vertex normals: the sum of the triangles' cross products (twice their areas times their normals), to unit length.
 *
 * @param vertices  [n, 6]: (x, y, z, r, g, b).
 * @param triangles [m, 3], counter-clockwise seen from outside.
 * @param normals   [n, 3]: receives unit vectors; zeros where a vertex has no area around it.
 * @param lengths   [n]: receives the length of each sum, which normalsBackward needs.
 * Cost: O(n + m), allocates nothing.
 */
export function vertexNormals(
  vertices: FloatArray,
  triangles: Uint32Array,
  normals: FloatArray,
  lengths: FloatArray,
): void {
  normals.fill(0);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at] * 6;
    const b = triangles[at + 1] * 6;
    const c = triangles[at + 2] * 6;
    const ux = vertices[b] - vertices[a];
    const uy = vertices[b + 1] - vertices[a + 1];
    const uz = vertices[b + 2] - vertices[a + 2];
    const vx = vertices[c] - vertices[a];
    const vy = vertices[c + 1] - vertices[a + 1];
    const vz = vertices[c + 2] - vertices[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (let corner = 0; corner < 3; corner++) {
      const to = triangles[at + corner] * 3;
      normals[to] += nx;
      normals[to + 1] += ny;
      normals[to + 2] += nz;
    }
  }
  for (let vertex = 0, at = 0; vertex < lengths.length; vertex++, at += 3) {
    const length = Math.sqrt(normals[at] ** 2 + normals[at + 1] ** 2 + normals[at + 2] ** 2);
    lengths[vertex] = length;
    const inverse = length > 0 ? 1 / length : 0;
    normals[at] *= inverse;
    normals[at + 1] *= inverse;
    normals[at + 2] *= inverse;
  }
}

/**
 * The gradient through vertexNormals.
 *
 * @param normalsGradient  [n, 3]: dL/d normals; overwritten by dL/d sums.
 * @param verticesGradient [n, 6]: dL/d positions is added.
 */
export function normalsBackward(
  vertices: FloatArray,
  triangles: Uint32Array,
  normals: FloatArray,
  lengths: FloatArray,
  normalsGradient: FloatArray,
  verticesGradient: FloatArray,
): void {
  for (let vertex = 0, at = 0; vertex < lengths.length; vertex++, at += 3) {
    const inverse = lengths[vertex] > 0 ? 1 / lengths[vertex] : 0;
    const along =
      normals[at] * normalsGradient[at] +
      normals[at + 1] * normalsGradient[at + 1] +
      normals[at + 2] * normalsGradient[at + 2];
    for (let axis = 0; axis < 3; axis++) {
      normalsGradient[at + axis] = inverse * (normalsGradient[at + axis] - along * normals[at + axis]);
    }
  }
  for (let at = 0; at < triangles.length; at += 3) {
    const [i, j, k] = [triangles[at], triangles[at + 1], triangles[at + 2]];
    const gx = normalsGradient[i * 3] + normalsGradient[j * 3] + normalsGradient[k * 3];
    const gy = normalsGradient[i * 3 + 1] + normalsGradient[j * 3 + 1] + normalsGradient[k * 3 + 1];
    const gz = normalsGradient[i * 3 + 2] + normalsGradient[j * 3 + 2] + normalsGradient[k * 3 + 2];
    const [a, b, c] = [i * 6, j * 6, k * 6];
    const ux = vertices[b] - vertices[a];
    const uy = vertices[b + 1] - vertices[a + 1];
    const uz = vertices[b + 2] - vertices[a + 2];
    const vx = vertices[c] - vertices[a];
    const vy = vertices[c + 1] - vertices[a + 1];
    const vz = vertices[c + 2] - vertices[a + 2];
    // n = u x v: dL/du = v x g, dL/dv = g x u.
    const bx = vy * gz - vz * gy;
    const by = vz * gx - vx * gz;
    const bz = vx * gy - vy * gx;
    const cx = gy * uz - gz * uy;
    const cy = gz * ux - gx * uz;
    const cz = gx * uy - gy * ux;
    verticesGradient[b] += bx;
    verticesGradient[b + 1] += by;
    verticesGradient[b + 2] += bz;
    verticesGradient[c] += cx;
    verticesGradient[c + 1] += cy;
    verticesGradient[c + 2] += cz;
    verticesGradient[a] -= bx + cx;
    verticesGradient[a + 1] -= by + cy;
    verticesGradient[a + 2] -= bz + cz;
  }
}

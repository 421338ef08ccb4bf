import { ShapeError } from '../errors.js';

/** The graph of a mesh: E of the paper, as compressed rows. Symmetric, no self-loops, neighbours ascending. */
export interface Adjacency {
  readonly vertexCount: number;
  /** Uint32Array [n + 1]: the neighbours of vertex i are `neighbours[rowStart[i] .. rowStart[i + 1]]`. */
  readonly rowStart: Uint32Array;
  /** Uint32Array [2 |E|]. */
  readonly neighbours: Uint32Array;
}

/**
 * The adjacency of a triangle mesh: two vertices are adjacent if a triangle has both.
 *
 * @param triangles   Uint32Array [m, 3]; the orientation does not matter.
 * @param vertexCount n; vertices of no triangle are isolated.
 * @throws {ShapeError} if a triangle is incomplete, repeats a vertex or names one that does not exist.
 * Cost: O(m log m); a sort of 6 m float64 keys.
 */
export function adjacencyOf(triangles: Uint32Array, vertexCount: number): Adjacency {
  assertTriangles(triangles, vertexCount);
  const keys = new Float64Array(triangles.length * 2);
  let at = 0;
  for (let corner = 0; corner < triangles.length; corner++) {
    const a = triangles[corner];
    const b = triangles[corner % 3 === 2 ? corner - 2 : corner + 1];
    keys[at++] = a * vertexCount + b;
    keys[at++] = b * vertexCount + a;
  }
  keys.sort();
  const rowStart = new Uint32Array(vertexCount + 1);
  const neighbours = new Uint32Array(keys.length);
  let count = 0;
  for (let index = 0; index < keys.length; index++) {
    if (index > 0 && keys[index] === keys[index - 1]) continue;
    const row = Math.floor(keys[index] / vertexCount);
    neighbours[count++] = keys[index] - row * vertexCount;
    rowStart[row + 1]++;
  }
  for (let row = 0; row < vertexCount; row++) rowStart[row + 1] += rowStart[row];
  return { vertexCount, rowStart, neighbours: neighbours.slice(0, count) };
}

/**
 * Check that `triangles` is a list of triangles on `vertexCount` vertices.
 *
 * @param place what they are, for the message.
 * @throws {ShapeError} naming the first triangle that is not.
 */
export function assertTriangles(triangles: Uint32Array, vertexCount: number, place = 'triangles'): void {
  if (!Number.isInteger(vertexCount) || vertexCount < 0 || vertexCount > 2 ** 26) {
    throw new ShapeError(`${place}: expected a vertex count from 0 to 2^26, got ${vertexCount}`);
  }
  if (triangles.length % 3 !== 0) {
    throw new ShapeError(`${place}: expected [m, 3], got ${triangles.length} indices, not a multiple of 3`);
  }
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    if (a >= vertexCount || b >= vertexCount || c >= vertexCount || a === b || b === c || c === a) {
      throw new ShapeError(
        `${place}: expected three different vertices below ${vertexCount}, got (${a}, ${b}, ${c}) at triangle ${at / 3}`,
      );
    }
  }
}

/**
 * The connected components of a graph.
 *
 * @returns Uint32Array [n]: the component of each vertex, numbered from 0 by lowest vertex.
 * Cost: O(n + |E|).
 */
export function componentsOf(adjacency: Adjacency): Uint32Array {
  const { vertexCount, rowStart, neighbours } = adjacency;
  const unseen = 0xffffffff;
  const component = new Uint32Array(vertexCount).fill(unseen);
  const stack: number[] = [];
  let count = 0;
  for (let seed = 0; seed < vertexCount; seed++) {
    if (component[seed] !== unseen) continue;
    component[seed] = count;
    stack.push(seed);
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      for (let at = rowStart[vertex]; at < rowStart[vertex + 1]; at++) {
        if (component[neighbours[at]] !== unseen) continue;
        component[neighbours[at]] = count;
        stack.push(neighbours[at]);
      }
    }
    count++;
  }
  return component;
}

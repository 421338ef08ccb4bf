import { type ClosestPoint, closestPointOnTriangle } from './closest-point.js';
import type { TriangleMesh } from './triangle-mesh.js';

/** Triangles of a leaf. */
const leafSize = 4;

/** Room for rounding where triangles are left out by their box; the distance itself decides. */
const slack = 1 - 1e-9;

/** The triangle that is closest to a point. */
export interface ClosestTriangle {
  readonly triangle: number;
  readonly weights: ClosestPoint['weights'];
}

/**
 * Some triangles of a mesh by place: halves of halves, each with the box around it.
 *
 * Memory: O(triangles). Cost: O(triangles log² triangles) to build, O(log triangles) a search on a surface.
 */
export class TriangleTree {
  readonly #mesh: TriangleMesh;
  /** Triangles, those of a node side by side. */
  readonly #order: Uint32Array;
  /** Float64Array [nodes, 6]: lowest and highest x, y, z; the children of node n are 2 n + 1 and 2 n + 2. */
  readonly #boxes: Float64Array;

  /** @param triangles indices of those that are searched. */
  constructor(mesh: TriangleMesh, triangles: Uint32Array) {
    this.#mesh = mesh;
    this.#order = triangles.slice();
    const depth = Math.ceil(Math.log2(Math.max(triangles.length / leafSize, 1))) + 1;
    this.#boxes = new Float64Array(6 * 2 ** (depth + 1));
    this.#split(0, 0, triangles.length);
  }

  /**
   * The closest triangle, of equals that of the lowest index.
   *
   * @returns undefined if there is none.
   */
  closest(point: readonly [number, number, number]): ClosestTriangle | undefined {
    const best = { triangle: -1, weights: [1, 0, 0] as ClosestPoint['weights'], squared: Number.POSITIVE_INFINITY };
    this.#search(0, 0, this.#order.length, point, best);
    return best.triangle < 0 ? undefined : { triangle: best.triangle, weights: best.weights };
  }

  #search(
    node: number,
    from: number,
    to: number,
    point: readonly [number, number, number],
    best: { triangle: number; weights: ClosestPoint['weights']; squared: number },
  ): void {
    if (this.#squaredDistance(node, point) * slack > best.squared) return;
    if (to - from <= leafSize) {
      for (let at = from; at < to; at++) {
        const triangle = this.#order[at];
        const [a, b, c] = [0, 1, 2].map((corner) => this.#corner(triangle, corner));
        const { squaredDistance, weights } = closestPointOnTriangle(point, a, b, c);
        if (squaredDistance < best.squared || (squaredDistance === best.squared && triangle < best.triangle)) {
          Object.assign(best, { triangle, weights, squared: squaredDistance });
        }
      }
      return;
    }
    const middle = (from + to) >>> 1;
    const [left, right] = [2 * node + 1, 2 * node + 2];
    if (this.#squaredDistance(left, point) <= this.#squaredDistance(right, point)) {
      this.#search(left, from, middle, point, best);
      this.#search(right, middle, to, point, best);
    } else {
      this.#search(right, middle, to, point, best);
      this.#search(left, from, middle, point, best);
    }
  }

  /** To the box of a node. */
  #squaredDistance(node: number, point: readonly [number, number, number]): number {
    let sum = 0;
    for (let axis = 0; axis < 3; axis++) {
      const low = this.#boxes[6 * node + axis] - point[axis];
      const high = point[axis] - this.#boxes[6 * node + 3 + axis];
      const off = Math.max(low, high, 0);
      sum += off * off;
    }
    return sum;
  }

  /** Put a box around the triangles of a node, and cut them in two halves across its longest side. */
  #split(node: number, from: number, to: number): void {
    const box = this.#boxes.subarray(6 * node, 6 * node + 6);
    box.fill(Number.POSITIVE_INFINITY, 0, 3).fill(Number.NEGATIVE_INFINITY, 3);
    for (let at = from; at < to; at++) {
      for (let corner = 0; corner < 3; corner++) {
        const point = this.#corner(this.#order[at], corner);
        for (let axis = 0; axis < 3; axis++) {
          if (point[axis] < box[axis]) box[axis] = point[axis];
          if (point[axis] > box[3 + axis]) box[3 + axis] = point[axis];
        }
      }
    }
    if (to - from <= leafSize) return;
    const sides = [0, 1, 2].map((axis) => box[3 + axis] - box[axis]);
    const axis = sides.indexOf(Math.max(...sides));
    const place = (triangle: number): number =>
      [0, 1, 2].reduce((sum, corner) => sum + this.#corner(triangle, corner)[axis], 0);
    this.#order.subarray(from, to).sort((a, b) => place(a) - place(b));
    const middle = (from + to) >>> 1;
    this.#split(2 * node + 1, from, middle);
    this.#split(2 * node + 2, middle, to);
  }

  #corner(triangle: number, corner: number): readonly [number, number, number] {
    const at = 3 * this.#mesh.triangles[3 * triangle + corner];
    const { positions } = this.#mesh;
    return [positions[at], positions[at + 1], positions[at + 2]];
  }
}

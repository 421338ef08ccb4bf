import type { TriangleMesh } from '../../src/mesh/triangle-mesh.js';

/** A sphere by subdivision of an octahedron: 4^depth * 4 + 2 vertices, closed. */
export function sphere(depth: number): TriangleMesh {
  let points: number[][] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ];
  let faces = [
    [0, 2, 4],
    [2, 1, 4],
    [1, 3, 4],
    [3, 0, 4],
    [2, 0, 5],
    [1, 2, 5],
    [3, 1, 5],
    [0, 3, 5],
  ];
  for (let level = 0; level < depth; level++) {
    const middle = new Map<string, number>();
    const grown = [...points];
    const between = (a: number, b: number): number => {
      const key = a < b ? `${a},${b}` : `${b},${a}`;
      const known = middle.get(key);
      if (known !== undefined) return known;
      const sum = points[a].map((value, axis) => value + points[b][axis]);
      const length = Math.hypot(...sum);
      middle.set(key, grown.push(sum.map((value) => value / length)) - 1);
      return grown.length - 1;
    };
    faces = faces.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [between(a, b), between(b, c), between(c, a)];
      return [
        [a, ab, ca],
        [ab, b, bc],
        [ca, bc, c],
        [ab, bc, ca],
      ];
    });
    points = grown;
  }
  return { positions: Float32Array.from(points.flat()), triangles: Uint32Array.from(faces.flat()) };
}

/** A flat grid of side x side vertices over the unit square, with a boundary. */
export function grid(side: number): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      positions.push(column / (side - 1), row / (side - 1), 0);
      if (row === side - 1 || column === side - 1) continue;
      const corner = row * side + column;
      triangles.push(corner, corner + 1, corner + side + 1, corner, corner + side + 1, corner + side);
    }
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** Reproducible numbers in [-1, 1) from a linear congruential generator. */
export function numbers(length: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The point of a triangle that is closest to another point: barycentric weights (sum 1, none negative) and distance. */
export interface ClosestPoint {
  readonly weights: readonly [number, number, number];
  readonly squaredDistance: number;
}

type Vector = readonly [number, number, number];

/**
 * The point of triangle (a, b, c) closest to p, by the region of the plane that p projects into.
 *
 * Cost: O(1). A triangle without area gives the closest point of one of its edges.
 * Source: Ericson, Real-Time Collision Detection, section 5.1.5.
 */
export function closestPointOnTriangle(p: Vector, a: Vector, b: Vector, c: Vector): ClosestPoint {
  const ab = minus(b, a);
  const ac = minus(c, a);
  const ap = minus(p, a);
  const d1 = dot(ab, ap);
  const d2 = dot(ac, ap);
  const at = (u: number, v: number, w: number): ClosestPoint => {
    const offset: Vector = [
      u * a[0] + v * b[0] + w * c[0] - p[0],
      u * a[1] + v * b[1] + w * c[1] - p[1],
      u * a[2] + v * b[2] + w * c[2] - p[2],
    ];
    return { weights: [u, v, w], squaredDistance: dot(offset, offset) };
  };
  if (d1 <= 0 && d2 <= 0) return at(1, 0, 0);
  const bp = minus(p, b);
  const d3 = dot(ab, bp);
  const d4 = dot(ac, bp);
  if (d3 >= 0 && d4 <= d3) return at(0, 1, 0);
  const vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) {
    const v = d1 / (d1 - d3);
    return at(1 - v, v, 0);
  }
  const cp = minus(p, c);
  const d5 = dot(ab, cp);
  const d6 = dot(ac, cp);
  if (d6 >= 0 && d5 <= d6) return at(0, 0, 1);
  const vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) {
    const w = d2 / (d2 - d6);
    return at(1 - w, 0, w);
  }
  const va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    const w = (d4 - d3) / (d4 - d3 + (d5 - d6));
    return at(0, 1 - w, w);
  }
  const sum = va + vb + vc;
  return at(va / sum, vb / sum, vc / sum);
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

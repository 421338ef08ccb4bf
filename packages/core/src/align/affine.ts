/** A map of the plane, row-major [2, 3]: x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]. */
export type Affine = readonly [number, number, number, number, number, number];

/** The inverse map; not finite if the map has none. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  const [p, q, r, s] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [p, q, -(p * c + q * f), r, s, -(r * c + s * f)];
}

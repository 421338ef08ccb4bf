/**
 * Dot product of two rows of `dimensions` elements, in float64: the sum of the products at even places plus the sum of
 * those at odd places, each from left to right. The WebAssembly kernel (assembly/dot.ts) adds in the same order, so
 * that the two agree in every bit.
 *
 * @param a       row-major vectors.
 * @param aStart  index of the first element of the row in `a`.
 * @returns a . b; the same for (a, b) and (b, a).
 * Cost: O(dimensions), allocates nothing.
 */
export function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, dimensions: number): number {
  let even = 0;
  let odd = 0;
  const paired = dimensions & ~1;
  for (let i = 0; i < paired; i += 2) {
    even += a[aStart + i] * b[bStart + i];
    odd += a[aStart + i + 1] * b[bStart + i + 1];
  }
  if (paired < dimensions) even += a[aStart + paired] * b[bStart + paired];
  return even + odd;
}

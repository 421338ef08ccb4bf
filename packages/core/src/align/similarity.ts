import { ShapeError } from '../errors.js';
import type { Affine } from './affine.js';

/** How to turn and size a set of points onto another. */
export type SimilarityEstimate =
  | { readonly found: true; readonly transform: Affine }
  /** The source points coincide, or fit the target as well in every rotation. */
  | { readonly found: false };

/**
 * The similarity transform (rotation, uniform scale, translation; no reflection) that takes one set of points to another
 * with the least sum of squared distances.
 *
 * @param from [n, 2] points (x, y), n >= 2.
 * @param to   [n, 2].
 * @throws {ShapeError} if the lengths differ, are odd, or there are fewer than two points.
 * Source: Umeyama, 1991; in two dimensions the rotation and scale that he finds with a singular value decomposition are
 * the complex number sum(conj(p) q) / sum(|p|^2) of the centred points p and q.
 */
export function estimateSimilarity(from: ArrayLike<number>, to: ArrayLike<number>): SimilarityEstimate {
  const points = from.length / 2;
  if (from.length !== to.length || !Number.isInteger(points) || points < 2) {
    throw new ShapeError(
      `similarity: expected two lists of (x, y), the same number and at least two, got ${from.length} and ${to.length} numbers`,
    );
  }
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  let real = 0;
  let imaginary = 0;
  let squares = 0;
  for (let i = 0; i < from.length; i += 2) {
    const x = from[i] - fromX;
    const y = from[i + 1] - fromY;
    const u = to[i] - toX;
    const v = to[i + 1] - toY;
    real += x * u + y * v;
    imaginary += x * v - y * u;
    squares += x * x + y * y;
  }
  const cosine = real / squares;
  const sine = imaginary / squares;
  if (!(cosine * cosine + sine * sine > 0) || !Number.isFinite(cosine + sine)) return { found: false };
  return {
    found: true,
    transform: [
      cosine,
      -sine,
      toX - (cosine * fromX - sine * fromY),
      sine,
      cosine,
      toY - (sine * fromX + cosine * fromY),
    ],
  };
}

function centre(points: ArrayLike<number>): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = 0; i < points.length; i += 2) {
    x += points[i];
    y += points[i + 1];
  }
  return [(2 * x) / points.length, (2 * y) / points.length];
}

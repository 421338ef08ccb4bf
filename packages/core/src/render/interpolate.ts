import type { FloatArray } from '../mesh/float-array.js';
import type { Raster } from './rasterize.js';

/**
 * The image of a raster: vertex colours interpolated by its weights.
 *
 * @param colours    [n, 3].
 * @param background (r, g, b) of uncovered pixels.
 * @param image      [height, width, 3]: overwritten.
 * Cost: O(pixels).
 */
export function interpolateColours(
  raster: Raster,
  triangles: Uint32Array,
  colours: FloatArray,
  background: readonly [number, number, number],
  image: FloatArray,
): void {
  const { triangle, weights } = raster;
  for (let pixel = 0, at = 0; pixel < triangle.length; pixel++, at += 3) {
    const visible = triangle[pixel] * 3;
    if (visible < 0) {
      image[at] = background[0];
      image[at + 1] = background[1];
      image[at + 2] = background[2];
      continue;
    }
    const i = triangles[visible] * 3;
    const j = triangles[visible + 1] * 3;
    const k = triangles[visible + 2] * 3;
    const b0 = weights[at];
    const b1 = weights[at + 1];
    const b2 = weights[at + 2];
    image[at] = b0 * colours[i] + b1 * colours[j] + b2 * colours[k];
    image[at + 1] = b0 * colours[i + 1] + b1 * colours[j + 1] + b2 * colours[k + 1];
    image[at + 2] = b0 * colours[i + 2] + b1 * colours[j + 2] + b2 * colours[k + 2];
  }
}

/** Where the gradients of an interpolated image are added. */
export interface InterpolationGradient {
  /** [n, 3] camera-space points, through the barycentric weights. */
  readonly points: FloatArray;
  /** [n, 3] vertex colours. */
  readonly colours: FloatArray;
}

/**
 * The gradient through interpolateColours and rasterize: to the colours by the weights, and by the weights to the
 * vertices of the visible triangle and to the focal length. Which triangle is visible is taken as fixed.
 *
 * @param points        [n, 3]: camera-space vertices.
 * @param imageGradient [height, width, 3]: dL/d image.
 * @param gradient      is added to.
 * @returns dL/d focal length.
 * Cost: O(pixels), allocates nothing.
 */
export function interpolateBackward(
  raster: Raster,
  points: FloatArray,
  triangles: Uint32Array,
  colours: FloatArray,
  focal: number,
  imageGradient: FloatArray,
  gradient: InterpolationGradient,
): number {
  const { triangle, weights } = raster;
  const { widthPx, heightPx } = raster.size;
  const scale = focal * heightPx;
  let ofFocal = 0;
  for (let pixel = 0, at = 0; pixel < triangle.length; pixel++, at += 3) {
    const visible = triangle[pixel] * 3;
    const gr = imageGradient[at];
    const gg = imageGradient[at + 1];
    const gb = imageGradient[at + 2];
    if (visible < 0 || (gr === 0 && gg === 0 && gb === 0)) continue;
    const corners = [triangles[visible] * 3, triangles[visible + 1] * 3, triangles[visible + 2] * 3] as const;
    const px = ((pixel % widthPx) + 0.5 - widthPx / 2) / scale;
    const py = (heightPx / 2 - 0.5 - Math.floor(pixel / widthPx)) / scale;
    let mean = 0;
    for (let corner = 0; corner < 3; corner++) {
      const to = corners[corner];
      const weight = weights[at + corner];
      gradient.colours[to] += weight * gr;
      gradient.colours[to + 1] += weight * gg;
      gradient.colours[to + 2] += weight * gb;
      mean += weight * (gr * colours[to] + gg * colours[to + 1] + gb * colours[to + 2]);
    }
    const sum = weightSum(points, corners, px, py);
    for (let corner = 0; corner < 3; corner++) {
      const to = corners[corner];
      const ofWeight = (gr * colours[to] + gg * colours[to + 1] + gb * colours[to + 2] - mean) / sum;
      const j = corners[(corner + 1) % 3];
      const k = corners[(corner + 2) % 3];
      // w = p . (v_j x v_k): dw/dv_j = v_k x p, dw/dv_k = p x v_j, dw/dp = v_j x v_k.
      gradient.points[j] += ofWeight * (points[k + 1] - points[k + 2] * py);
      gradient.points[j + 1] += ofWeight * (points[k + 2] * px - points[k]);
      gradient.points[j + 2] += ofWeight * (points[k] * py - points[k + 1] * px);
      gradient.points[k] += ofWeight * (py * points[j + 2] - points[j + 1]);
      gradient.points[k + 1] += ofWeight * (points[j] - px * points[j + 2]);
      gradient.points[k + 2] += ofWeight * (px * points[j + 1] - py * points[j]);
      const nx = points[j + 1] * points[k + 2] - points[j + 2] * points[k + 1];
      const ny = points[j + 2] * points[k] - points[j] * points[k + 2];
      ofFocal -= (ofWeight * (nx * px + ny * py)) / focal;
    }
  }
  return ofFocal;
}

/** w_0 + w_1 + w_2 of the ray through a pixel. */
function weightSum(points: FloatArray, [i, j, k]: readonly [number, number, number], px: number, py: number): number {
  const edge = (a: number, b: number): number =>
    px * (points[a + 1] * points[b + 2] - points[a + 2] * points[b + 1]) +
    py * (points[a + 2] * points[b] - points[a] * points[b + 2]) +
    (points[a] * points[b + 1] - points[a + 1] * points[b]);
  return edge(j, k) + edge(k, i) + edge(i, j);
}

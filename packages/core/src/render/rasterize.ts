import { ShapeError } from '../errors.js';
import { type FloatArray, floatsLike } from '../mesh/float-array.js';
import type { ImageSize } from './parameters.js';

/** Depth at or before which nothing is drawn, in the mesh's units. */
const nearDepth = 1e-6;

/** Largest side of an image. */
const sideLimitPx = 4096;

/** What is visible at each pixel: the correspondence of a rendered image with its mesh. */
export interface Raster {
  readonly size: ImageSize;
  /** Int32Array [height, width]: the visible triangle, -1 where there is none. */
  readonly triangle: Int32Array;
  /** [height, width, 3] perspective-correct barycentric weights in that triangle. */
  readonly weights: FloatArray;
  /** [height, width] depth along the view; infinite where there is nothing. */
  readonly depth: FloatArray;
}

/** Which triangles are drawn: all, or only those that turn their counter-clockwise side to the camera. */
export type Culling = 'none' | 'back';

/**
 * An empty raster.
 *
 * @param like gives the precision.
 * @throws {ShapeError} unless both sides are whole numbers from 1 to 4096.
 */
export function createRaster(size: ImageSize, like: FloatArray): Raster {
  const { widthPx, heightPx } = size;
  for (const side of [widthPx, heightPx]) {
    if (!Number.isInteger(side) || side < 1 || side > sideLimitPx) {
      throw new ShapeError(`raster: expected sides from 1 to ${sideLimitPx} px, got ${widthPx} x ${heightPx}`);
    }
  }
  const count = widthPx * heightPx;
  return {
    size,
    triangle: new Int32Array(count),
    weights: floatsLike(like, count * 3),
    depth: floatsLike(like, count),
  };
}

/**
 * Z-buffered rasterisation with perspective-correct barycentric weights at the pixel centres. The weights come from the
 * ray p through the pixel: w_i = p . (v_j x v_k), b_i = w_i / sum w, depth = det(v_0, v_1, v_2) / sum w, which needs no
 * projection of the triangle. Edges belong to both sides; of equal depths the first triangle wins. A triangle with a
 * vertex at or behind the camera is left out, not clipped.
 *
 * @param points [n, 3]: camera-space vertices (toCameraSpace).
 * @param focal  focal length in image heights.
 * @param raster overwritten.
 * @returns the number of pixels written, overdraw included.
 * Cost: O(m + pixels of the triangles' bounding boxes), allocates nothing.
 * Source: Olano and Greer, Triangle scan conversion using 2D homogeneous coordinates, 1997.
 */
export function rasterize(
  points: FloatArray,
  triangles: Uint32Array,
  focal: number,
  culling: Culling,
  raster: Raster,
): number {
  const { triangle, weights, depth } = raster;
  const { widthPx, heightPx } = raster.size;
  const scale = focal * heightPx;
  const [middleX, middleY] = [widthPx / 2 - 0.5, heightPx / 2 - 0.5];
  triangle.fill(-1);
  depth.fill(Number.POSITIVE_INFINITY);
  let written = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const i = triangles[at] * 3;
    const j = triangles[at + 1] * 3;
    const k = triangles[at + 2] * 3;
    const z0 = points[i + 2];
    const z1 = points[j + 2];
    const z2 = points[k + 2];
    if (!(z0 > nearDepth && z1 > nearDepth && z2 > nearDepth)) continue;
    const x0 = points[i];
    const y0 = points[i + 1];
    const x1 = points[j];
    const y1 = points[j + 1];
    const x2 = points[k];
    const y2 = points[k + 1];
    const ax = y1 * z2 - z1 * y2;
    const ay = z1 * x2 - x1 * z2;
    const az = x1 * y2 - y1 * x2;
    const volume = x0 * ax + y0 * ay + z0 * az;
    if (volume === 0 || (volume < 0 && culling === 'back')) continue;
    const u0 = (scale * x0) / z0;
    const u1 = (scale * x1) / z1;
    const u2 = (scale * x2) / z2;
    const v0 = (scale * y0) / z0;
    const v1 = (scale * y1) / z1;
    const v2 = (scale * y2) / z2;
    const left = Math.max(0, Math.ceil(middleX + Math.min(u0, u1, u2)));
    const right = Math.min(widthPx - 1, Math.floor(middleX + Math.max(u0, u1, u2)));
    const top = Math.max(0, Math.ceil(middleY - Math.max(v0, v1, v2)));
    const bottom = Math.min(heightPx - 1, Math.floor(middleY - Math.min(v0, v1, v2)));
    if (left > right || top > bottom) continue;
    const bx = y2 * z0 - z2 * y0;
    const by = z2 * x0 - x2 * z0;
    const bz = x2 * y0 - y2 * x0;
    const cx = y0 * z1 - z0 * y1;
    const cy = z0 * x1 - x0 * z1;
    const cz = x0 * y1 - y0 * x1;
    const sign = volume > 0 ? 1 : -1;
    for (let row = top; row <= bottom; row++) {
      const py = (middleY - row) / scale;
      for (let column = left; column <= right; column++) {
        const px = (column - middleX) / scale;
        const w0 = px * ax + py * ay + az;
        const w1 = px * bx + py * by + bz;
        const w2 = px * cx + py * cy + cz;
        if (w0 * sign < 0 || w1 * sign < 0 || w2 * sign < 0) continue;
        const sum = w0 + w1 + w2;
        const z = volume / sum;
        const pixel = row * widthPx + column;
        if (!(z < depth[pixel])) continue;
        depth[pixel] = z;
        triangle[pixel] = at / 3;
        weights[pixel * 3] = w0 / sum;
        weights[pixel * 3 + 1] = w1 / sum;
        weights[pixel * 3 + 2] = w2 / sum;
        written++;
      }
    }
  }
  return written;
}

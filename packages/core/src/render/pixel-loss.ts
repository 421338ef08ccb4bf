import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import type { Raster } from './rasterize.js';

/**
 * The dense regression loss: 1 / (W H) sum over pixels of || R - I* ||_1, over the three channels.
 *
 * @param image    [height, width, 3]: R, the render.
 * @param target   [height, width, 3]: I*, the anchor crop, in the same scale (0..1 here).
 * @param gradient [height, width, 3]: receives dL/dR; the derivative of |x| at 0 is taken as 0.
 * @param covered  the raster of R: pixels that the mesh does not cover are left out of the sum (W H stays). Left out:
 * every pixel counts, uncovered ones with the renderer's background.
 * @returns the loss.
 * @throws {ShapeError} if the lengths differ.
 * Cost: O(pixels), allocates nothing.
 * Source: arXiv:1905.00641, equation 3.
 */
export function pixelLoss(image: FloatArray, target: FloatArray, gradient: FloatArray, covered?: Raster): number {
  const pixels = image.length / 3;
  if (
    target.length !== image.length ||
    gradient.length !== image.length ||
    (covered?.triangle.length ?? pixels) !== pixels
  ) {
    throw new ShapeError(
      `pixelLoss: expected image, target and gradient of one size, got ${image.length}, ${target.length} and ${gradient.length} numbers`,
    );
  }
  let sum = 0;
  for (let at = 0; at < image.length; at++) {
    const difference = covered && covered.triangle[Math.floor(at / 3)] < 0 ? 0 : image[at] - target[at];
    sum += Math.abs(difference);
    gradient[at] = Math.sign(difference) / pixels;
  }
  return sum / pixels;
}

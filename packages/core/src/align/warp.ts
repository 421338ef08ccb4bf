import { ShapeError } from '../errors.js';
import { type Affine, invertAffine } from './affine.js';

/** Sides of an image, in pixels. */
export interface ImageSides {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Draw an RGB image through an affine map, bilinearly; what lies outside the source is black and mixes into the edge.
 *
 * @param source    Uint8Array [height, width, 3].
 * @param transform takes source to output pixels; pixel centres are at whole coordinates.
 * @param sides     of the output.
 * @returns Uint8Array [height, width, 3], rounded to the nearest grey level.
 * @throws {ShapeError} if the source's length does not fit its sides, or the map has no inverse.
 * Cost: O(output pixels).
 * Source: cv2.warpAffine(image, transform, sides, borderValue=0) of OpenCV 5, whose coordinates are not rounded; OpenCV 4
 * rounds them to 1/32 pixel and differs by a few grey levels at edges.
 */
export function warpAffine(
  source: Uint8Array,
  sourceSides: ImageSides,
  transform: Affine,
  sides: ImageSides,
): Uint8Array {
  const { widthPx, heightPx } = sourceSides;
  if (source.length !== widthPx * heightPx * 3) {
    throw new ShapeError(
      `warpAffine: expected ${widthPx * heightPx * 3} samples for ${widthPx} x ${heightPx} RGB, got ${source.length}`,
    );
  }
  const inverse = invertAffine(transform);
  if (!inverse.every(Number.isFinite)) {
    throw new ShapeError(`warpAffine: expected a map with an inverse, got [${transform.join(', ')}]`);
  }
  const out = new Uint8Array(sides.widthPx * sides.heightPx * 3);
  let to = 0;
  for (let y = 0; y < sides.heightPx; y++) {
    for (let x = 0; x < sides.widthPx; x++, to += 3) {
      const sourceX = inverse[0] * x + inverse[1] * y + inverse[2];
      const sourceY = inverse[3] * x + inverse[4] * y + inverse[5];
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      if (left < -1 || top < -1 || left >= widthPx || top >= heightPx) continue;
      const right = sourceX - left;
      const below = sourceY - top;
      const first = (top * widthPx + left) * 3;
      const weightLeft = left >= 0 ? 1 - right : 0;
      const weightRight = left + 1 < widthPx ? right : 0;
      const weightTop = top >= 0 ? 1 - below : 0;
      const weightBelow = top + 1 < heightPx ? below : 0;
      for (let channel = 0; channel < 3; channel++) {
        const at = first + channel;
        // A sample outside has a weight of 0: its index may lie outside, too, and what it reads must not count.
        const upper = weightTop === 0 ? 0 : mix(source, at, weightLeft, weightRight);
        const lower = weightBelow === 0 ? 0 : mix(source, at + widthPx * 3, weightLeft, weightRight);
        out[to + channel] = weightTop * upper + weightBelow * lower + 0.5;
      }
    }
  }
  return out;
}

function mix(source: Uint8Array, at: number, weightLeft: number, weightRight: number): number {
  return (weightLeft === 0 ? 0 : weightLeft * source[at]) + (weightRight === 0 ? 0 : weightRight * source[at + 3]);
}

import type { Annotations } from '@retinabench/annotations';
import { type Finding, formatCount, formatShare } from '@retinabench/results';
import type { AnnotationsCode } from './annotations-code.js';

/** Faces from which on it can be told. */
const fewest = 20;

/** How far over an edge of the image counts, in parts of its side: annotators draw boxes a little too large. */
const over = 0.02;

/** Share of the faces that have to reach over the right or lower edge, how many for each over the left or upper one. */
const manyOver = 0.2;
const timesOver = 5;

/**
 * Share of the faces that have to reach over the right edge, or over the right or lower one where none is right of the middle. Faces
 * that are cut off honestly, with boxes that go on beyond the image, are so on the left as often as on the right, but below far more
 * often than above.
 */
const manyRight = 0.1;
const mostOver = 0.6;

/** Share of the faces whose numbers have to be corners within their image. */
const nearlyAll = 0.98;

/**
 * Whether all faces are corners, x1 y1 x2 y2, that were read as x y width height: each reaches as far beyond its own lower right
 * corner as it lies from the upper left one of the image, and where faces stand in the middle, half of them leave the image, to the right
 * and below alone. Detections that were misread alike hide it from every comparison of the two.
 *
 * Cost: O(faces); nothing is said where no size of an image is known.
 */
export function diagnoseCornersAsSizes({ images, start, boxesXywh, sizesPx }: Annotations): Finding<AnnotationsCode>[] {
  let [known, corners, farOver, rightOver, nearOver] = [0, 0, 0, 0, 0];
  let first = '';
  for (let image = 0; image < images.length; image++) {
    const [width, height] = [sizesPx[2 * image], sizesPx[2 * image + 1]];
    if (width === 0 || height === 0) continue;
    const [roomX, roomY] = [over * width, over * height];
    for (let face = start[image]; face < start[image + 1]; face++) {
      const [x, y, w, h] = boxesXywh.subarray(4 * face, 4 * face + 4);
      known++;
      if (w > x && h > y && w <= width + roomX && h <= height + roomY) corners++;
      if (x < -roomX || y < -roomY) nearOver++;
      if (x + w <= width + roomX && y + h <= height + roomY) continue;
      farOver++;
      if (x + w > width + roomX) rightOver++;
      if (first === '') first = `${images[image]}: ${[x, y, w, h].map(rounded).join(', ')} in ${width} x ${height}`;
    }
  }
  if (known < fewest || corners < nearlyAll * known || farOver < manyOver * known || farOver < timesOver * nearOver) {
    return [];
  }
  if (rightOver < manyRight * known && farOver < mostOver * known) return [];
  return [
    {
      code: 'faces-corners',
      level: 'error',
      evidence: `${formatCount(farOver)} of ${formatCount(known)} annotated faces (${formatShare(farOver / known)}) reach over the right or lower edge of their image and ${formatCount(nearOver)} over the left or upper one, first ${first}; read as the corners x1 y1 x2 y2, ${formatShare(corners / known)} lie within`,
      effect: 'boxes are too large by their own x and y: overlaps and sizes are of no face',
      fix: 'write x, y, width, height (of CSV and JSON lines, --gt-boxes xyxy reads corners); predictions that were written alike need the same',
    },
  ];
}

/** To a tenth of a pixel. */
function rounded(px: number): number {
  return Math.round(px * 10) / 10;
}

import type { BoxLayout } from '../../predictions/box-layout.js';
import { toXywh } from '../../predictions/box-layout.js';
import { type BoxReading, readingToImage } from './box-reading.js';
import type { SampleImage } from './sample.js';

/** How well a sample fits under a reading. */
export interface ReadingScore {
  /** Faces that some detection overlaps by an IoU of at least 0.5. */
  readonly found: number;
  readonly faces: number;
  /** Sum of the largest IoU of each face that is found: tells readings apart that find the same faces. */
  readonly overlap: number;
  /** Images with at least one face found. */
  readonly images: number;
}

/** The boxes of a sample in one layout as x y w h, image by image. */
export function layOut(sample: readonly SampleImage[], layout: BoxLayout): Float64Array[] {
  return sample.map(({ boxes }) => toXywh(boxes, layout, new Float64Array(boxes.length)));
}

/**
 * Faces found on a sample under a reading; images whose size the reading needs and is not known find none.
 *
 * @param laidOut the sample in the layout of the reading.
 * Cost: an IoU for each detection and face of an image.
 */
export function scoreReading(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
  reading: BoxReading,
): ReadingScore {
  let found = 0;
  let faces = 0;
  let overlap = 0;
  let images = 0;
  sample.forEach(({ facesXywh, size }, index) => {
    faces += facesXywh.length / 4;
    const map = readingToImage(reading, size);
    if (map === undefined || (reading.mirrored !== 'none' && size === undefined)) return;
    const { scaleX, scaleY, shiftX, shiftY } = map;
    const boxes = laidOut[index];
    const [mirrorX, mirrorY] = [reading.mirrored.includes('x'), reading.mirrored.includes('y')];
    const before = found;
    for (let face = 0; face < facesXywh.length; face += 4) {
      const fx = facesXywh[face];
      const fy = facesXywh[face + 1];
      const fw = facesXywh[face + 2];
      const fh = facesXywh[face + 3];
      // The face is mirrored instead of every box.
      const x1 = mirrorX ? (size?.widthPx ?? 0) - fx - fw : fx;
      const y1 = mirrorY ? (size?.heightPx ?? 0) - fy - fh : fy;
      let best = 0;
      for (let at = 0; at < boxes.length; at += 4) {
        const left = boxes[at] * scaleX + shiftX;
        const w = boxes[at + 2] * scaleX;
        const overlapX = Math.min(x1 + fw, left + w) - Math.max(x1, left) + 1;
        if (!(overlapX > 0)) continue;
        const top = boxes[at + 1] * scaleY + shiftY;
        const h = boxes[at + 3] * scaleY;
        const overlapY = Math.min(y1 + fh, top + h) - Math.max(y1, top) + 1;
        if (!(overlapY > 0) || w < 0 || h < 0) continue;
        const both = overlapX * overlapY;
        const iou = both / ((fw + 1) * (fh + 1) + (w + 1) * (h + 1) - both);
        if (iou > best) best = iou;
      }
      if (best >= 0.5) {
        found++;
        overlap += best;
      }
    }
    if (found > before) images++;
  });
  return { found, faces, overlap, images };
}

import type { SampleImage } from './sample.js';
import type { ReadingScore } from './score-reading.js';

/** IoU below which a face is not found, and one that no rounding brings up to it. */
const foundFrom = 0.5;
const outOfReach = 0.499;

/** How far from a shift others are tried without looking at all boxes again, pixels: two of the longest steps. */
const nearPx = 8;

/**
 * How well a sample fits where all boxes are shifted: `scoreReading` of one shift after another, to the last bit. Of shifts near each
 * other only the first looks at all boxes: the others at those that can reach an IoU of 0.5 near it.
 *
 * @param laidOut the sample as x y w h in pixels of the image.
 * @returns a function of the shift in pixels.
 * Cost: each box with each face of its image where a shift is far from those before; else those that can find a face.
 */
export function scoreShifted(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
): (x: number, y: number) => ReadingScore {
  const faces = sample.reduce((sum, { facesXywh }) => sum + facesXywh.length / 4, 0);
  let near: FaceAndBoxes[][] = [];
  let aboutX = Number.POSITIVE_INFINITY;
  let aboutY = Number.POSITIVE_INFINITY;
  return (x, y) => {
    if (!(Math.abs(x - aboutX) <= nearPx && Math.abs(y - aboutY) <= nearPx)) {
      near = sample.map(({ facesXywh }, image) => facesInReach(facesXywh, laidOut[image], x, y));
      [aboutX, aboutY] = [x, y];
    }
    let found = 0;
    let overlap = 0;
    let images = 0;
    for (const ofImage of near) {
      const before = found;
      for (const face of ofImage) {
        const best = bestIou(face, x, y);
        if (best < foundFrom) continue;
        found++;
        overlap += best;
      }
      if (found > before) images++;
    }
    return { found, faces, overlap, images };
  };
}

interface FaceAndBoxes {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** (x, y, w, h) of each. */
  readonly boxes: readonly number[];
}

/** The faces of an image that some box can find, each with these boxes. */
function facesInReach(facesXywh: Float64Array, boxes: Float64Array, shiftX: number, shiftY: number): FaceAndBoxes[] {
  const faces: FaceAndBoxes[] = [];
  for (let face = 0; face < facesXywh.length; face += 4) {
    const x = facesXywh[face];
    const y = facesXywh[face + 1];
    const w = facesXywh[face + 2];
    const h = facesXywh[face + 3];
    const kept: number[] = [];
    for (let at = 0; at < boxes.length; at += 4) {
      const boxW = boxes[at + 2];
      const mostX = mostOverlap(x, w, boxes[at] + shiftX, boxW);
      if (!(mostX > 0)) continue;
      const boxH = boxes[at + 3];
      const mostY = mostOverlap(y, h, boxes[at + 1] + shiftY, boxH);
      if (!(mostY > 0) || boxW < 0 || boxH < 0) continue;
      const both = mostX * mostY;
      const most = both / ((w + 1) * (h + 1) + (boxW + 1) * (boxH + 1) - both);
      if (most >= outOfReach) kept.push(boxes[at], boxes[at + 1], boxW, boxH);
    }
    if (kept.length > 0) faces.push({ x, y, w, h, boxes: kept });
  }
  return faces;
}

/** The longest overlap along an axis of a side and another that comes `nearPx` nearer. */
function mostOverlap(start: number, side: number, boxStart: number, boxSide: number): number {
  const apart = Math.abs(boxStart + boxSide / 2 - start - side / 2);
  return Math.min(side, boxSide, (side + boxSide) / 2 - Math.max(apart - nearPx, 0)) + 1;
}

function bestIou({ x, y, w, h, boxes }: FaceAndBoxes, shiftX: number, shiftY: number): number {
  let best = 0;
  for (let at = 0; at < boxes.length; at += 4) {
    const left = boxes[at] + shiftX;
    const boxW = boxes[at + 2];
    const overlapX = Math.min(x + w, left + boxW) - Math.max(x, left) + 1;
    if (!(overlapX > 0)) continue;
    const top = boxes[at + 1] + shiftY;
    const boxH = boxes[at + 3];
    const overlapY = Math.min(y + h, top + boxH) - Math.max(y, top) + 1;
    if (!(overlapY > 0)) continue;
    const both = overlapX * overlapY;
    const iou = both / ((w + 1) * (h + 1) + (boxW + 1) * (boxH + 1) - both);
    if (iou > best) best = iou;
  }
  return best;
}

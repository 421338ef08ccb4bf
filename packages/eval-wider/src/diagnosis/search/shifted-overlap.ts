import type { SampleImage } from './sample.js';

/** IoU below which a face is not found, and one that no rounding brings up to it. */
const foundFrom = 0.5;
const outOfReach = 0.499;

/**
 * How much detections and faces of a sample overlap where all boxes are shifted: `overlap` of `scoreReading`, for one shift after
 * another. A box whose sides keep it below an IoU of 0.5 with a face wherever it lies is looked at once.
 *
 * @param laidOut the sample as x y w h in pixels of the image.
 * @returns a function of the shift in pixels.
 * Cost: each box with each face of its image; then, for each shift, those of like sides.
 */
export function shiftedOverlap(
  sample: readonly SampleImage[],
  laidOut: readonly Float64Array[],
): (x: number, y: number) => number {
  const found = sample.flatMap(({ facesXywh }, image) => {
    const likes: FaceAndBoxes[] = [];
    for (let face = 0; face < facesXywh.length; face += 4) {
      const [x, y, w, h] = facesXywh.subarray(face, face + 4);
      likes.push({ x, y, w, h, boxes: boxesInReach(w, h, laidOut[image]) });
    }
    return likes;
  });
  return (x, y) => {
    let overlap = 0;
    for (const face of found) {
      const best = bestIou(face, x, y);
      if (best >= foundFrom) overlap += best;
    }
    return overlap;
  };
}

interface FaceAndBoxes {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Float64Array [boxes, 4]. */
  readonly boxes: Float64Array;
}

function boxesInReach(w: number, h: number, boxes: Float64Array): Float64Array {
  const kept: number[] = [];
  for (let at = 0; at < boxes.length; at += 4) {
    const [boxW, boxH] = [boxes[at + 2], boxes[at + 3]];
    const both = (Math.min(w, boxW) + 1) * (Math.min(h, boxH) + 1);
    const most = both / ((w + 1) * (h + 1) + (boxW + 1) * (boxH + 1) - both);
    if (boxW < 0 || boxH < 0 || most < outOfReach) continue;
    kept.push(boxes[at], boxes[at + 1], boxW, boxH);
  }
  return Float64Array.from(kept);
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

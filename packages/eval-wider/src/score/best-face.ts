import { bandAt, type FaceOrder, firstFrom } from './face-order.js';
import { iouThreshold } from './protocol.js';

/**
 * Finds the face that a detection goes to: the first of largest IoU, if that is at least 0.5, else -1.
 *
 * @param faces  rows [from, to) of (x1, y1, x2, y2, area).
 * @param order  of these rows (orderFaces); absent: all are compared.
 * @param box    (x, y, w, h) of the detection at `at`.
 */
export type BestFace = (
  faces: Float64Array,
  from: number,
  to: number,
  order: FaceOrder | undefined,
  box: Float64Array,
  at: number,
) => number;

/** Room for rounding where faces are skipped by their left or upper edge; the IoU itself decides. */
const slack = 1e-6;

/**
 * IoU in double precision with the `+ 1` pixel convention.
 *
 * An IoU of 0.5 needs an overlap of half the wider width, so that only faces whose left edge lies within
 * [x - width, x + width / 2] can reach it, and likewise of heights: with an order, the others are not looked at.
 * Source: `bbox_overlaps` of the public Python evaluator; `boxoverlap` of the MATLAB tool's later release.
 */
export const bestFaceFloat64: BestFace = (faces, from, to, order, box, at) => {
  const x1 = box[at];
  const y1 = box[at + 1];
  const x2 = x1 + box[at + 2];
  const y2 = y1 + box[at + 3];
  const width = x2 - x1 + 1;
  const height = y2 - y1 + 1;
  const area = width * height;
  const room = slack * (Math.abs(x1) + Math.abs(x2) + 1);
  const nearest = x1 - ((1 - iouThreshold) / iouThreshold) * width - room;
  const furthest = x1 + (1 - iouThreshold) * width + room;
  let [band, lastBand] = [0, 0];
  if (order !== undefined && order.bands > 1) {
    const roomY = slack * (Math.abs(y1) + Math.abs(y2) + 1);
    band = bandAt(order, y1 - ((1 - iouThreshold) / iouThreshold) * height - roomY);
    lastBand = bandAt(order, y1 + (1 - iouThreshold) * height + roomY);
  }
  let best = -1;
  let bestIou = 0;
  for (; band <= lastBand; band++) {
    const end = order === undefined ? to : order.bandStart[band + 1];
    let place = order === undefined ? from : firstFrom(faces, order.rows, order.bandStart[band], end, nearest);
    for (; place < end; place++) {
      const face = order === undefined ? place : order.rows[place];
      const row = 5 * face;
      if (order !== undefined && faces[row] > furthest) break;
      // Most pairs end here: w and h below are at most these, so nothing is lost.
      if (x2 - faces[row] + 1 <= 0 || faces[row + 2] - x1 + 1 <= 0) continue;
      if (y2 - faces[row + 1] + 1 <= 0 || faces[row + 3] - y1 + 1 <= 0) continue;
      const w = Math.min(faces[row + 2], x2) - Math.max(faces[row], x1) + 1;
      if (w <= 0) continue;
      const h = Math.min(faces[row + 3], y2) - Math.max(faces[row + 1], y1) + 1;
      if (h <= 0) continue;
      const intersection = w * h;
      const iou = intersection / (area + faces[row + 4] - intersection);
      if (iou > bestIou || (iou === bestIou && face < best)) {
        bestIou = iou;
        best = face;
      }
    }
  }
  return bestIou >= iouThreshold ? best : -1;
};

/**
 * IoU as MATLAB computes it when ground truth is int32 and detections are double: every operation that meets an int32
 * is done in double precision, rounded half away from zero and saturated, the final division too. The area of the
 * detection alone stays double. An overlap of a pixel across may round to an IoU that counts; with an order, faces that have
 * none are not looked at.
 * Source: `boxoverlap` of the MATLAB tool as first shipped.
 */
export const bestFaceInt32: BestFace = (faces, from, to, order, box, at) => {
  const x1 = box[at];
  const y1 = box[at + 1];
  const x2 = x1 + box[at + 2];
  const y2 = y1 + box[at + 3];
  const area = (x2 - x1 + 1) * (y2 - y1 + 1);
  // Coordinates at the ends of int32 saturate and overlap whatever they were.
  const farthest = Math.max(Math.abs(x1), Math.abs(x2), Math.abs(y1), Math.abs(y2));
  const listed = farthest < farthestInt32 ? order : undefined;
  const nearest = listed === undefined ? 0 : x1 - listed.widest * (1 + slack) - 2;
  let band = listed === undefined ? 0 : bandAt(listed, y1 - listed.tallest * (1 + slack) - 2);
  const lastBand = listed === undefined ? 0 : bandAt(listed, y2 + 2);
  let best = -1;
  let bestIou = 0;
  for (; band <= lastBand; band++) {
    const end = listed === undefined ? to : listed.bandStart[band + 1];
    let place = listed === undefined ? from : firstFrom(faces, listed.rows, listed.bandStart[band], end, nearest);
    for (; place < end; place++) {
      const face = listed === undefined ? place : listed.rows[place];
      const row = 5 * face;
      if (listed !== undefined && faces[row] > x2 + 2) break;
      const left = toInt32(Math.max(faces[row], x1));
      const right = toInt32(Math.min(faces[row + 2], x2));
      const w = toInt32(toInt32(right - left) + 1);
      if (w <= 0) continue;
      const top = toInt32(Math.max(faces[row + 1], y1));
      const bottom = toInt32(Math.min(faces[row + 3], y2));
      const h = toInt32(toInt32(bottom - top) + 1);
      if (h <= 0) continue;
      const intersection = toInt32(w * h);
      const union = toInt32(toInt32(faces[row + 4] + area) - intersection);
      const iou = toInt32(intersection / union);
      if (iou > bestIou || (iou === bestIou && face < best)) {
        bestIou = iou;
        best = face;
      }
    }
  }
  return bestIou >= iouThreshold ? best : -1;
};

/** Coordinates of a detection below this do not saturate. */
const farthestInt32 = 2 ** 30;

/** Round half away from zero and saturate, as MATLAB converts to int32. */
function toInt32(value: number): number {
  const rounded = value < 0 ? -Math.round(-value) : Math.round(value);
  return Math.min(Math.max(rounded, -0x8000_0000), 0x7fff_ffff);
}

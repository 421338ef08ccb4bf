import { iouThreshold } from './protocol.js';

/**
 * Finds the face that a detection goes to: the first of largest IoU, if that is at least 0.5, else -1.
 *
 * @param faces  rows [from, to) of (x1, y1, x2, y2, area).
 * @param order  rows [from, to) by ascending x1; absent: all rows are compared.
 * @param box    (x, y, w, h) of the detection at `at`.
 * @param widest the largest width of the rows.
 */
export type BestFace = (
  faces: Float64Array,
  from: number,
  to: number,
  order: Int32Array | undefined,
  box: Float64Array,
  at: number,
  widest: number,
) => number;

/** Room for rounding where faces are skipped by their left edge alone; the IoU itself decides. */
const slack = 1e-6;

/**
 * IoU in double precision with the `+ 1` pixel convention.
 *
 * An IoU of 0.5 needs an overlap of half the wider width, so that only faces whose left edge lies within
 * [x - width, x + width / 2] can reach it: with an order, the others are not looked at.
 * Source: `bbox_overlaps` of the public Python evaluator; `boxoverlap` of the MATLAB tool's later release.
 */
export const bestFaceFloat64: BestFace = (faces, from, to, order, box, at) => {
  const x1 = box[at];
  const y1 = box[at + 1];
  const x2 = x1 + box[at + 2];
  const y2 = y1 + box[at + 3];
  const width = x2 - x1 + 1;
  const area = width * (y2 - y1 + 1);
  const room = slack * (Math.abs(x1) + Math.abs(x2) + 1);
  const furthest = x1 + (1 - iouThreshold) * width + room;
  let best = -1;
  let bestIou = 0;
  let place =
    order === undefined
      ? from
      : firstFrom(faces, order, from, to, x1 - ((1 - iouThreshold) / iouThreshold) * width - room);
  for (; place < to; place++) {
    const face = order === undefined ? place : order[place];
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
  return bestIou >= iouThreshold ? best : -1;
};

/** The first place in [from, to) of an order whose face begins at `x` or further right. */
function firstFrom(faces: Float64Array, order: Int32Array, from: number, to: number, x: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (faces[5 * order[middle]] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * IoU as MATLAB computes it when ground truth is int32 and detections are double: every operation that meets an int32
 * is done in double precision, rounded half away from zero and saturated, the final division too. The area of the
 * detection alone stays double. An overlap of a pixel across may round to an IoU that counts; with an order, faces that have
 * none are not looked at.
 * Source: `boxoverlap` of the MATLAB tool as first shipped.
 */
export const bestFaceInt32: BestFace = (faces, from, to, order, box, at, widest) => {
  const x1 = box[at];
  const y1 = box[at + 1];
  const x2 = x1 + box[at + 2];
  const y2 = y1 + box[at + 3];
  const area = (x2 - x1 + 1) * (y2 - y1 + 1);
  // Coordinates at the ends of int32 saturate and overlap whatever they were.
  const listed = Math.max(Math.abs(x1), Math.abs(x2)) < farthestInt32 ? order : undefined;
  const nearest = x1 - widest * (1 + slack) - 2;
  let best = -1;
  let bestIou = 0;
  for (let place = listed === undefined ? from : firstFrom(faces, listed, from, to, nearest); place < to; place++) {
    const face = listed === undefined ? place : listed[place];
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
  return bestIou >= iouThreshold ? best : -1;
};

/** Coordinates of a detection below this do not saturate. */
const farthestInt32 = 2 ** 30;

/** Round half away from zero and saturate, as MATLAB converts to int32. */
function toInt32(value: number): number {
  const rounded = value < 0 ? -Math.round(-value) : Math.round(value);
  return Math.min(Math.max(rounded, -0x8000_0000), 0x7fff_ffff);
}

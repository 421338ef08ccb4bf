import { ProtocolError } from '../errors.js';

/**
 * How the side of a box is measured: `continuous` is x2 - x1; `pixel` is x2 - x1 + 1, corners being the outermost
 * pixels of the box (the convention of VOC, of the WIDER FACE evaluators and of the public NMS).
 */
export type IouConvention = 'continuous' | 'pixel';

/** What `convention` adds to a difference of corners: 0 or 1 pixel. */
export function sideOffsetPx(convention: IouConvention): 0 | 1 {
  return convention === 'pixel' ? 1 : 0;
}

/**
 * Intersection over union of box `i` of `a` and box `j` of `b`, in float64.
 *
 * @param a        [N, 4]: (x1, y1, x2, y2), row-major.
 * @param b        [M, 4], same pixels.
 * @param offsetPx 0 for the continuous, 1 for the pixel convention (sideOffsetPx).
 * @returns 0..1; 0 where an overlap side is <= 0, so that two empty boxes give 0 and not 0 / 0.
 * Cost: O(1), allocates nothing. Non-finite corners give 0 or NaN.
 */
export function boxIou(
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
  offsetPx: 0 | 1,
): number {
  const p = i * 4;
  const q = j * 4;
  const overlapWidth = Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]) + offsetPx;
  if (overlapWidth <= 0) return 0;
  const overlapHeight = Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]) + offsetPx;
  if (overlapHeight <= 0) return 0;
  const overlap = overlapWidth * overlapHeight;
  const areaA = (a[p + 2] - a[p] + offsetPx) * (a[p + 3] - a[p + 1] + offsetPx);
  const areaB = (b[q + 2] - b[q] + offsetPx) * (b[q + 3] - b[q + 1] + offsetPx);
  return overlap / (areaA + areaB - overlap);
}

/** @throws {ProtocolError} if `iouThreshold` is not a number from 0 to 1. */
export function assertIouThreshold(place: string, iouThreshold: number): void {
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
    throw new ProtocolError(`${place}: IoU threshold: expected a number from 0 to 1, got ${iouThreshold}`);
  }
}

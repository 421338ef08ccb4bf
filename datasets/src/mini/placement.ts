import type { Point } from './photographs.js';
import type { Rect } from './rect.js';

/** A part of a photograph, resized, then mirrored, then turned, then put on the canvas. */
export interface Placement {
  /** Index into the photographs. */
  readonly photograph: number;
  /** Whole pixels of the photograph. */
  readonly crop: Rect;
  /** Size after resizing and before turning, whole pixels. */
  readonly width: number;
  readonly height: number;
  readonly mirror: boolean;
  /** Clockwise. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Where the top left corner of the result goes on the canvas; it may hang over. */
  readonly left: number;
  readonly top: number;
}

/** libvips (8.18) draws what it enlarges half a result pixel further right and down; what it reduces lies true. */
const enlargementShift = 0.5;

/**
 * Where a point of the photograph comes to lie on the canvas. Both are edge coordinates: resizing by s maps x to s x,
 * plus the shift of an enlargement.
 *
 * @returns canvas pixels, not clipped.
 */
export function placePoint(placement: Placement, [x, y]: Point): Point {
  const { crop, width, height, mirror, quarterTurns, left, top } = placement;
  const scaledX = resized(x - crop.left, crop.width, width);
  const scaledY = resized(y - crop.top, crop.height, height);
  const u = mirror ? width - scaledX : scaledX;
  switch (quarterTurns) {
    case 0:
      return [left + u, top + scaledY];
    case 1:
      return [left + height - scaledY, top + u];
    case 2:
      return [left + width - u, top + height - scaledY];
    case 3:
      return [left + scaledY, top + width - u];
  }
}

function resized(at: number, from: number, to: number): number {
  return (at * to) / from + (to > from ? enlargementShift : 0);
}

/** Where a rectangle of the photograph comes to lie on the canvas, not clipped. */
export function placeRect(placement: Placement, rect: Rect): Rect {
  const [x1, y1] = placePoint(placement, [rect.left, rect.top]);
  const [x2, y2] = placePoint(placement, [rect.left + rect.width, rect.top + rect.height]);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

/**
 * Where five landmarks come to lie on the canvas. A mirror turns a left eye into a right one, so the order follows the
 * viewer's left and right again.
 */
export function placeLandmarks(placement: Placement, landmarks: readonly Point[]): Point[] {
  const placed = landmarks.map((point) => placePoint(placement, point));
  if (!placement.mirror) return placed;
  const [rightEye, leftEye, nose, rightMouth, leftMouth] = placed;
  return [leftEye, rightEye, nose, leftMouth, rightMouth];
}

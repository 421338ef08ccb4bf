/** An axis-aligned rectangle by its edges: pixel (0, 0) covers [0, 1) x [0, 1). */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The common part of two rectangles; width or height is 0 where they do not meet. */
export function intersect(a: Rect, b: Rect): Rect {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(a.left + a.width, b.left + b.width) - left),
    height: Math.max(0, Math.min(a.top + a.height, b.top + b.height) - top),
  };
}

/** Area in square pixels. */
export function area(rect: Rect): number {
  return rect.width * rect.height;
}

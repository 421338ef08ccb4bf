import { ShapeError } from '../errors.js';
import type { AnchorLayout } from './layout.js';

/**
 * Number of anchors that `layout` puts on a `widthPx` x `heightPx` input; the feature map of stride s has
 * ceil(width / s) x ceil(height / s) cells.
 *
 * @throws {ShapeError} if a side is not a positive integer.
 * Source: arXiv:1905.00641, section 4.2.
 */
export function countAnchors(layout: AnchorLayout, widthPx: number, heightPx: number): number {
  assertSide('width', widthPx);
  assertSide('height', heightPx);
  let count = 0;
  for (const { stride, sizesPx } of layout.levels) {
    count += Math.ceil(widthPx / stride) * Math.ceil(heightPx / stride) * sizesPx.length;
  }
  return count;
}

/**
 * Lay anchors over an input: level by level, row by row, column by column, then anchor size.
 *
 * @returns Float32Array [N, 4]: (cx, cy, w, h) in input pixels, freshly allocated.
 * @throws {ShapeError} if a side is not a positive integer.
 * Cost: O(N).
 * Source: arXiv:1905.00641, section 4.2 and table 2.
 */
export function generateAnchors(layout: AnchorLayout, widthPx: number, heightPx: number): Float32Array {
  const anchors = new Float32Array(countAnchors(layout, widthPx, heightPx) * 4);
  let at = 0;
  for (const { stride, sizesPx } of layout.levels) {
    const offset = layout.centre === 'cell' ? stride / 2 : (16 - 1) / 2;
    const rows = Math.ceil(heightPx / stride);
    const columns = Math.ceil(widthPx / stride);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (const sizePx of sizesPx) {
          anchors[at++] = column * stride + offset;
          anchors[at++] = row * stride + offset;
          anchors[at++] = sizePx;
          anchors[at++] = sizePx;
        }
      }
    }
  }
  return anchors;
}

/**
 * A generator that keeps the anchors of the most recently used input sizes, so that a stream of images of few sizes
 * generates each set once. The arrays are shared: do not write to them.
 *
 * @param capacity sizes kept; the least recently used is dropped beyond it.
 */
export function cachedAnchors(layout: AnchorLayout, capacity = 8): (widthPx: number, heightPx: number) => Float32Array {
  const cache = new Map<string, Float32Array>();
  return (widthPx, heightPx) => {
    const key = `${widthPx}x${heightPx}`;
    const anchors = cache.get(key) ?? generateAnchors(layout, widthPx, heightPx);
    cache.delete(key);
    cache.set(key, anchors);
    if (cache.size > capacity) cache.delete(cache.keys().next().value as string);
    return anchors;
  };
}

function assertSide(name: string, sidePx: number): void {
  if (!Number.isInteger(sidePx) || sidePx <= 0) {
    throw new ShapeError(`anchors: ${name} of the input: expected a positive integer of pixels, got ${sidePx}`);
  }
}

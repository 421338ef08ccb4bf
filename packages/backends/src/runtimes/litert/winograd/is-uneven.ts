/** Ratio of magnitudes within a tile from which on its small results would suffer: their error stays below 1e-4 of them. */
const mostRatio = 2 ** 10;

/**
 * Whether results of Winograd's algorithm would be worse than their own numbers warrant. A tile of 6 x 6 cells is added up as a
 * whole, so that its largest cell sets the rounding errors of all its 16 results, also of those that the definition makes of
 * small cells alone: beside a cell of 10,000, results of 1 had errors of 1.5e-3.
 *
 * @param levels  the largest magnitude of each cell of the image with its border, [4 ceil(height / 4) + 2, 4 ceil(width / 4) + 2].
 * @param height, width of the image, in cells.
 * @param floor   the level below which the bias is the larger part of a result.
 * @returns true too where a level is not finite: it would spread over the tile.
 * Cost: O(cells).
 */
export function isUneven(levels: Float32Array, height: number, width: number, floor: number): boolean {
  const columns = 4 * Math.ceil(width / 4) + 2;
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 1; row <= height; row++) {
    for (let at = row * columns + 1; at <= row * columns + width; at++) {
      most = Math.max(most, levels[at]);
      least = Math.min(least, levels[at]);
    }
  }
  // What each cell is by itself tells enough of nearly every image.
  if (Math.max(least, floor) * mostRatio >= most && most < Number.POSITIVE_INFINITY) return false;
  const near = levelsAround(levels, columns);
  for (let top = 0; top < height; top += 4) {
    for (let left = 0; left < width; left += 4) {
      // Four surroundings of 3 x 3 cells are the tile.
      const from = (top + 1) * columns + left + 1;
      const mostHere = Math.max(near[from], near[from + 3], near[from + 3 * columns], near[from + 3 * columns + 3]);
      for (let row = top + 1; row <= Math.min(top + 4, height); row++) {
        for (let column = left + 1; column <= Math.min(left + 4, width); column++) {
          if (!(Math.max(near[row * columns + column], floor) * mostRatio >= mostHere)) return true;
        }
      }
    }
  }
  return false;
}

/** The largest level of the 3 x 3 cells around each cell that is not at the edge. */
function levelsAround(levels: Float32Array, columns: number): Float32Array {
  const acrossRows = new Float32Array(levels.length);
  const near = new Float32Array(levels.length);
  for (let at = columns; at < levels.length - columns; at++) {
    acrossRows[at] = Math.max(levels[at - columns], levels[at], levels[at + columns]);
  }
  for (let at = columns + 1; at < levels.length - columns - 1; at++) {
    near[at] = Math.max(acrossRows[at - 1], acrossRows[at], acrossRows[at + 1]);
  }
  return near;
}

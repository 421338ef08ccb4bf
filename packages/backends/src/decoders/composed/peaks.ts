import type { GridLevel } from './grid.js';
import type { ScoreReader } from './score-reader.js';
import type { ValueView } from './value-view.js';

/**
 * Whether a cell's score is the largest of its window of `window` x `window` cells; equal scores leave the earlier cell.
 *
 * Source: arXiv:1904.07850, section 4 (peaks of a heat map instead of suppression).
 */
export function isPeak(
  scoreOf: ScoreReader,
  views: readonly ValueView[],
  level: GridLevel,
  row: number,
  column: number,
  anchor: number,
  score: number,
  window: number,
): boolean {
  const reach = (window - 1) / 2;
  for (let y = Math.max(row - reach, 0); y <= Math.min(row + reach, level.rows - 1); y++) {
    for (let x = Math.max(column - reach, 0); x <= Math.min(column + reach, level.columns - 1); x++) {
      if (y === row && x === column) continue;
      const other = scoreOf(views, y, x, anchor);
      const earlier = y < row || (y === row && x < column);
      if (other > score || (earlier && other === score)) return false;
    }
  }
  return true;
}

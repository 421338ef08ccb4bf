import { DatasetError } from '@retinabench/core';
import { type Line, linesOf, wordsOf } from './lines.js';
import { numbersOf, requireFields } from './numbers.js';
import type { FaceRow } from './rows-to-set.js';

/**
 * The face of a `.pts` file (300-W, 300-VW, Menpo): `version`, `n_points`, and a point a line in braces.
 *
 * @param firstPixel what the format counts the first pixel as: 1 by 300-W's convention, which is subtracted.
 * @param image      the name of its image: that of the file.
 * @throws {DatasetError} if the braces are missing or the points are not as many as `n_points` says.
 */
export function parsePts(text: string, place: string, image: string, firstPixel: 0 | 1 = 1): FaceRow {
  const lines = linesOf(text, place);
  const open = lines.findIndex((line) => line.text === '{');
  const close = lines.findIndex((line) => line.text === '}');
  const promised = promisedPoints(lines.slice(0, Math.max(open, 0)), place);
  const points = lines.slice(open + 1, close < 0 ? lines.length : close);
  if (points.length !== promised || close < 0) {
    const end = close < 0 ? ' and no "}" after them' : '';
    throw new DatasetError(
      `${place}: expected ${promised} points, as n_points says, got ${points.length}${end}; the file is cut off or damaged`,
    );
  }
  const numbers = points.flatMap((line) => {
    const words = wordsOf(line);
    requireFields(words, 2, 'x y', line.where);
    return numbersOf(words, line.where).map((value) => value - firstPixel);
  });
  return { where: place, image, points: numbers };
}

function promisedPoints(header: readonly Line[], place: string): number {
  for (const { text } of header) {
    const count = /^n_points\s*:\s*(\d+)$/i.exec(text)?.[1];
    if (count !== undefined) return Number(count);
  }
  throw new DatasetError(
    `${place}: expected a line "n_points: 68", then "{" and the points, got none; is it a .pts file?`,
  );
}

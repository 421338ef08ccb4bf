import { DatasetError } from '@retinabench/core';
import { linesOf, wordsOf } from './lines.js';
import { numbersOf } from './numbers.js';
import type { FaceRow } from './rows-to-set.js';

/**
 * The faces of results in the text form of COFW68 (Ghiasi and Fowlkes 2015): four lines a face, its index, all x, all y, and 1
 * for each hidden point.
 *
 * @throws {DatasetError} if the lines are not four a face, or do not have as many numbers as each other.
 */
export function parseCofw68(text: string, place: string): FaceRow[] {
  const lines = linesOf(text, place);
  if (lines.length % 4 !== 0) {
    throw new DatasetError(
      `${place}: expected four lines a face (index, x, y, hidden), got ${lines.length} lines; the file is cut off`,
    );
  }
  return Array.from({ length: lines.length / 4 }, (_, face) => {
    const [index, x, y, hidden] = lines
      .slice(face * 4, face * 4 + 4)
      .map((line) => numbersOf(wordsOf(line), line.where));
    const { where } = lines[face * 4];
    if (index.length !== 1 || x.length !== y.length || x.length !== hidden.length) {
      throw new DatasetError(
        `${where}: expected an index, then as many x, y and hidden, got ${[index, x, y, hidden].map((values) => values.length).join(', ')} numbers`,
      );
    }
    return {
      where,
      image: String(index[0]),
      points: x.flatMap((value, point) => [value, y[point]]),
      visibility: hidden.map((flag) => (flag === 1 ? 1 : 2)),
    };
  });
}

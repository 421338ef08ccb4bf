import { DatasetError } from '@retinabench/core';

/**
 * The numbers of words of a line. `nan` is a point that is not given.
 *
 * @param where `file:line`, for messages.
 * @throws {DatasetError} if a word is not a finite number.
 */
export function numbersOf(words: readonly string[], where: string): number[] {
  return words.map((word) => {
    if (/^[+-]?nan$/i.test(word)) return Number.NaN;
    const value = Number(word);
    if (word !== '' && Number.isFinite(value) && !/^[+-]?0[xob]/i.test(word)) return value;
    throw new DatasetError(`${where}: expected a number, got ${JSON.stringify(word.slice(0, 40))}; correct the file`);
  });
}

/**
 * Assert that a line has as many fields as its format.
 *
 * @throws {DatasetError} with the place, both counts and what the fields are.
 */
export function requireFields(words: readonly string[], count: number, what: string, where: string): void {
  if (words.length === count) return;
  throw new DatasetError(
    `${where}: expected ${count} fields (${what}), got ${words.length}; the line is cut off, or the file has another format`,
  );
}

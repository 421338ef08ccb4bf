import { DatasetError } from '@retinabench/core';
import { readWholeLines } from './whole-lines.js';

/**
 * Call `onLine` for every line of a text file, in order, without its line ending (`\n` or `\r\n`).
 *
 * Empty lines may only end the file: line i of one file belongs to line i of another, so that an empty line in between
 * is a fault and not a pause.
 *
 * @param onLine receives the text (UTF-8) and its line number from 1.
 * @throws {DatasetError} as readWholeLines, or at an empty line that others follow.
 */
export async function forEachLine(file: string, onLine: (text: string, line: number) => void): Promise<void> {
  const decoder = new TextDecoder();
  let line = 0;
  let emptyLine = 0;
  for await (const chunk of readWholeLines(file)) {
    let start = 0;
    while (start < chunk.length) {
      const end = chunk.indexOf(0x0a, start);
      const text = decoder.decode(chunk.subarray(start, end)).trimEnd();
      start = end + 1;
      line++;
      if (text === '') {
        if (emptyLine === 0) emptyLine = line;
        continue;
      }
      if (emptyLine > 0) throw emptyLineError(file, emptyLine);
      onLine(text, line);
    }
  }
}

/** The error of an empty line that is not at the end of the file. */
export function emptyLineError(file: string, line: number): DatasetError {
  return new DatasetError(`${file}:${line}: expected a record, got an empty line; remove it`);
}

/** `text` as it may stand in an error message: quoted, at most 60 characters. */
export function quoteLine(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

import { DatasetError } from '@retinabench/core';
import type { ByteSource } from './open-source.js';

/** Largest line. */
const mostLineBytes = 256 * 1024 * 1024;

/**
 * Read a text file line by line, of any size.
 *
 * @param visit called with the bytes of each line, its line break left out, and its number, counted from 1.
 * @throws {DatasetError} if a line has more than 256 MiB.
 * Cost: O(bytes); holds a part of 1 MiB, or the longest line.
 */
export function readLines(
  source: ByteSource,
  visit: (bytes: Uint8Array, start: number, end: number, line: number) => void,
  onRead?: (bytes: number) => void,
): void {
  let buffer = new Uint8Array(Math.min(1024 * 1024, source.sizeBytes + 64));
  let end = 0;
  let line = 0;
  let passed = 0;
  for (;;) {
    const count = source.read(buffer, end);
    end += count;
    let start = 0;
    for (let newline = buffer.indexOf(0x0a); newline >= 0 && newline < end; newline = buffer.indexOf(0x0a, start)) {
      line++;
      visit(buffer, start, newline > start && buffer[newline - 1] === 0x0d ? newline - 1 : newline, line);
      start = newline + 1;
    }
    if (count === 0) {
      if (start < end) visit(buffer, start, end, line + 1);
      return;
    }
    buffer.copyWithin(0, start, end);
    end -= start;
    passed += start;
    // What was moved away must not be taken for a line break of the next part.
    buffer.fill(0, end);
    onRead?.(passed);
    if (end < buffer.length) continue;
    if (buffer.length >= mostLineBytes) {
      throw new DatasetError(
        `${source.place}:${line + 1}: expected lines of at most ${mostLineBytes} bytes, got a longer one; is it the right file?`,
      );
    }
    const larger = new Uint8Array(2 * buffer.length);
    larger.set(buffer);
    buffer = larger;
  }
}

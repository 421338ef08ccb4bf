import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Take the lines of a text file of any size one by one; a last line without its end is left out. None if there is no file. */
export function forEachLine(file: string, visit: (line: string) => void): void {
  if (!existsSync(file)) return;
  visitLines(file, visit);
}

const newline = 0x0a;

/** Bytes of a log that are held at a time, unless one line has more. */
const chunkBytes = 1 << 23;

/**
 * Take the lines of a file of any size and their lengths in bytes, without their ends; a last line that has none is left out.
 *
 * @param from   where the first line begins, in bytes.
 * @param visitBytes takes the bytes of lines that have been taken, with their ends, many at a time.
 */
export function visitLines(
  file: string,
  visit: (line: string, bytes: number) => void,
  from = 0,
  visitBytes?: (lines: Uint8Array) => void,
): void {
  const descriptor = openSync(file, 'r');
  try {
    let buffer = Buffer.alloc(chunkBytes);
    let held = 0;
    let position = from;
    for (;;) {
      const read = readSync(descriptor, buffer, held, buffer.length - held, position);
      if (read === 0) return;
      const searchFrom = held;
      held += read;
      position += read;
      let start = 0;
      for (
        let end = buffer.indexOf(newline, searchFrom);
        end >= 0 && end < held;
        end = buffer.indexOf(newline, start)
      ) {
        visit(buffer.toString('utf8', start, end), end - start);
        start = end + 1;
      }
      visitBytes?.(buffer.subarray(0, start));
      buffer.copyWithin(0, start, held);
      held -= start;
      if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
    }
  } finally {
    closeSync(descriptor);
  }
}

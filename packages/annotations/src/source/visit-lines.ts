import { DatasetError } from '@retinabench/core/basics';
import type { ByteSource } from './open-source.js';

/** Bytes of a source that are decoded at once, unless one line has more. */
const bytesAtOnce = 1 << 20;

/** Largest line of a source. */
const mostLineBytes = 1 << 28;

/**
 * Call `visit` with each line of a text and its number, counted from 1. Lines end in LF, CR LF or CR; what follows the last line
 * break is a line only if it is not empty, and `isEnded` is false of it alone.
 *
 * @param text or a source, which may have any size.
 * @throws {DatasetError} if a source is not UTF-8, or has 256 MiB without LF.
 * Cost: O(text); of a source it holds a part, or the longest line.
 */
export function visitLines(
  text: string | ByteSource,
  visit: (line: string, number: number, isEnded: boolean) => void,
): void {
  let number = 0;
  for (const block of typeof text === 'string' ? [text] : blocksOf(text)) {
    const lines = block.split(/\r\n|\n|\r/);
    const last = lines.pop();
    for (const line of lines) visit(line, ++number, true);
    if (last !== undefined && last !== '') visit(last, ++number, false);
  }
}

/** The text of a source in parts that end with LF, but for the last. */
function* blocksOf(source: ByteSource): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes: Uint8Array): string => {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new DatasetError(`${source.place}: expected text in UTF-8, got other bytes; save it as UTF-8`, { cause });
    }
  };
  let buffer = new Uint8Array(Math.min(bytesAtOnce, source.sizeBytes + 64));
  let held = 0;
  for (;;) {
    const count = source.read(buffer, held);
    held += count;
    if (count === 0) break;
    const end = buffer.subarray(0, held).lastIndexOf(0x0a) + 1;
    if (end > 0) {
      yield decode(buffer.subarray(0, end));
      buffer.copyWithin(0, end, held);
      held -= end;
    }
    if (held < buffer.length) continue;
    if (buffer.length >= mostLineBytes) {
      throw new DatasetError(
        `${source.place}: expected lines of at most ${mostLineBytes} bytes, got a longer one; is it the right file?`,
      );
    }
    const larger = new Uint8Array(2 * buffer.length);
    larger.set(buffer);
    buffer = larger;
  }
  if (held > 0) yield decode(buffer.subarray(0, held));
}

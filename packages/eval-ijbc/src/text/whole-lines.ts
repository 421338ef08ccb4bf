import { type FileHandle, open } from 'node:fs/promises';
import { DatasetError, refuseLfsPointer } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';

const newline = 0x0a;
const chunkBytes = 1 << 22;

/**
 * Read a text file in chunks that end at the end of a line, so that a parser never sees half a line.
 *
 * @param file path of a text file of any size; a byte order mark at its start is left out.
 * @param onBytes called after each chunk with the bytes read so far.
 * @returns chunks of at most 4 MiB, each ending in `\n` (one is added to a last line that lacks it). A chunk is valid
 * until the next is asked for.
 * @throws {DatasetError} if the file cannot be read, is a Git LFS pointer or UTF-16, or a line is longer than 4 MiB (then it is no text file).
 * Cost: one buffer of 4 MiB, whatever the size of the file.
 */
export async function* readWholeLines(
  file: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await openText(file);
  try {
    const buffer = new Uint8Array(chunkBytes + 1);
    let kept = 0;
    let position = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, kept, chunkBytes - kept, position);
      if (position === 0) refuseOtherForms(buffer.subarray(0, bytesRead), file);
      const start = position === 0 && hasByteOrderMark(buffer, bytesRead) ? 3 : 0;
      position += bytesRead;
      let end = kept + bytesRead;
      if (bytesRead === 0) {
        if (end > 0) {
          if (buffer[end - 1] !== newline) buffer[end++] = newline;
          yield buffer.subarray(0, end);
        }
        return;
      }
      const lastNewline = buffer.lastIndexOf(newline, end - 1);
      if (lastNewline < 0 && end === chunkBytes) {
        throw new DatasetError(
          `${file}: expected lines of text, got ${chunkBytes} bytes without an end of line; is it the right file?`,
        );
      }
      if (lastNewline >= start) yield buffer.subarray(start, lastNewline + 1);
      const rest = Math.max(lastNewline + 1, start);
      buffer.copyWithin(0, rest, end);
      kept = end - rest;
      onBytes(position);
    }
  } finally {
    await handle.close();
  }
}

async function openText(file: string): Promise<FileHandle> {
  await requireRegularFile(file);
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    throw new DatasetError(`${file}: cannot be read (${(cause as Error).message}); check the path`, { cause });
  }
  throw new DatasetError(`${file}: expected a file, got a folder or a device; check the path`);
}

/** UTF-16 is read line by line nowhere; its mark tells it. */
function refuseOtherForms(first: Uint8Array, file: string): void {
  refuseLfsPointer(first, file);
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) {
    throw new DatasetError(`${file}: expected UTF-8 text, got UTF-16; save it as UTF-8`);
  }
}

function hasByteOrderMark(buffer: Uint8Array, length: number): boolean {
  return length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
}

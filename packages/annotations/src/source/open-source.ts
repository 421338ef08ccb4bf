import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { DatasetError, decodeText, EnvironmentError, refuseLfsPointer } from '@retinabench/core/basics';

/** The bytes of a text file in UTF-8, read in parts. */
export interface ByteSource {
  /** The file, for messages. */
  readonly place: string;
  readonly sizeBytes: number;
  /** Fill `into` from `offset` on; the number of bytes, 0 at the end. */
  read(into: Uint8Array, offset: number): number;
  close(): void;
}

/** Largest file that is decoded at once: what a string of V8 holds. */
const mostBytesAtOnce = 500e6;

/** The beginnings of files that are not text but contain it. */
const packed: readonly (readonly [begins: readonly number[], what: string, next: string])[] = [
  [[0x1f, 0x8b], 'a gzip archive', 'unpack it with gunzip'],
  [[0x50, 0x4b, 3, 4], 'a ZIP archive', 'unpack it'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard archive', 'unpack it with unzstd'],
];

/**
 * Open a text file to be read in parts. A byte-order mark is left out, UTF-16 is brought to UTF-8.
 *
 * @throws {EnvironmentError} if it is not there or cannot be read.
 * @throws {DatasetError} if it is a Git LFS pointer, an archive, or not a regular file.
 */
export function openSource(file: string): ByteSource {
  requireFile(file);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const sizeBytes = statSync(file).size;
    const head = new Uint8Array(1024);
    const length = readSync(descriptor, head, 0, head.length, 0);
    const start = head.subarray(0, length);
    refuseLfsPointer(start, file);
    refusePacked(start, file);
    if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
      closeSync(descriptor);
      descriptor = undefined;
      return bytesSource(new TextEncoder().encode(readWholeText(file)), file);
    }
    return fileSource(descriptor, file, sizeBytes, start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0);
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (cause instanceof DatasetError) throw cause;
    throw cannotRead(file, cause);
  }
}

/** A source of bytes in memory. */
export function bytesSource(bytes: Uint8Array, place: string): ByteSource {
  let at = 0;
  return {
    place,
    sizeBytes: bytes.length,
    read: (into, offset) => {
      const part = bytes.subarray(at, at + into.length - offset);
      into.set(part, offset);
      at += part.length;
      return part.length;
    },
    close: () => undefined,
  };
}

/**
 * The text of a whole file.
 *
 * @throws {EnvironmentError} if it is not there or cannot be read.
 * @throws {DatasetError} if it is a Git LFS pointer, an archive, not text, or too large to be decoded at once.
 */
export function readWholeText(file: string): string {
  const { size } = requireFile(file);
  if (size > mostBytesAtOnce) {
    throw new DatasetError(
      `${file}: expected at most ${mostBytesAtOnce / 1e6} MB in this form, got ${Math.ceil(size / 1e6)} MB; split it, or convert it to COCO, CSV or JSON lines, which are read in parts`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw cannotRead(file, cause);
  }
  refusePacked(bytes, file);
  return decodeText(bytes, file);
}

/**
 * The bytes of a small text file in UTF-8, without byte-order mark.
 *
 * @throws as `readWholeText`.
 */
export function readBytes(file: string): Uint8Array {
  const { size } = requireFile(file);
  if (size > mostBytesAtOnce) return new TextEncoder().encode(readWholeText(file));
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw cannotRead(file, cause);
  }
  refusePacked(bytes, file);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return new TextEncoder().encode(decodeText(bytes, file));
  refuseLfsPointer(bytes, file);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function requireFile(file: string): { readonly size: number } {
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw cannotRead(file, cause);
  }
  if (stats === undefined) {
    throw new EnvironmentError(`${file}: expected a file, got nothing of that name; is the path right?`);
  }
  // A pipe would block whoever opens it.
  if (!stats.isFile()) {
    throw new DatasetError(`${file}: expected a regular file, got a folder, pipe or device; replace it`);
  }
  return { size: Number(stats.size) };
}

function refusePacked(bytes: Uint8Array, file: string): void {
  const found = packed.find(([begins]) => begins.every((byte, at) => bytes[at] === byte));
  if (found === undefined) return;
  throw new DatasetError(`${file}: expected text, got ${found[1]}; ${found[2]}, then choose what is in it`);
}

function fileSource(descriptor: number, place: string, sizeBytes: number, from: number): ByteSource {
  let at = from;
  return {
    place,
    sizeBytes,
    read: (into, offset) => {
      try {
        const count = readSync(descriptor, into, offset, into.length - offset, at);
        at += count;
        return count;
      } catch (cause) {
        throw cannotRead(place, cause);
      }
    },
    close: () => closeSync(descriptor),
  };
}

function cannotRead(file: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
}

import { DatasetError } from '../errors.js';

/** How every pointer starts, whatever its version. */
const start = 'version https://git-lfs.github.com/spec/';

/** Pointers have under 1,024 bytes, by their specification. */
const mostBytes = 1024;

/**
 * Whether bytes are a Git LFS pointer: the few lines of text that stand in a checkout for a file that was not fetched.
 *
 * @param bytes the file, or at least its first 1,024 bytes.
 * Cost: O(1). Source: docs/spec.md of git-lfs, "The Pointer".
 */
export function isLfsPointer(bytes: Uint8Array): boolean {
  if (bytes.length > mostBytes) return false;
  for (let at = 0; at < start.length; at++) if (bytes[at] !== start.charCodeAt(at)) return false;
  return true;
}

/**
 * Refuse a Git LFS pointer; every reader of files calls it before it parses.
 *
 * @param place the file's name, for the message.
 * @param asError the class of the reader's own errors.
 * @returns `bytes`.
 * @throws {DatasetError} or `asError`, if the bytes are a pointer.
 */
export function refuseLfsPointer<T extends Uint8Array>(
  bytes: T,
  place: string,
  asError: new (message: string) => Error = DatasetError,
): T {
  if (!isLfsPointer(bytes)) return bytes;
  throw new asError(
    `${place}: expected the file itself, got a Git LFS pointer of ${bytes.length} bytes; fetch the file: git lfs pull`,
  );
}

import { DatasetError } from '../errors.js';

/** How a Git LFS pointer begins (git-lfs specification, version 1): it stands where a large file was not fetched. */
const lfsPointer = 'version https://git-lfs.github.com/spec/v1';

/**
 * The text of a file, whatever the editor that saved it: UTF-8 with or without a byte-order mark, or UTF-16 with one, as
 * some shells write it. The mark is no part of the text.
 *
 * @param bytes the whole file.
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the bytes are no such text, or a Git LFS pointer in place of the file.
 * Cost: O(bytes).
 */
export function decodeText(bytes: Uint8Array, place: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    // TextDecoder leaves a leading byte-order mark out.
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DatasetError(`${place}: expected text in UTF-8, got bytes that are none; save it as UTF-8`, { cause });
  }
  if (isLfsPointer(bytes)) {
    throw new DatasetError(
      `${place}: expected the file itself, got a Git LFS pointer to it; fetch it with git lfs pull`,
    );
  }
  return text;
}

/** Whether the bytes of a file are a Git LFS pointer, which stands where a large file was not fetched. */
export function isLfsPointer(bytes: Uint8Array): boolean {
  if (bytes.length < lfsPointer.length) return false;
  for (let at = 0; at < lfsPointer.length; at++) if (bytes[at] !== lfsPointer.charCodeAt(at)) return false;
  return true;
}

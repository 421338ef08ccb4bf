import { DatasetError } from '../errors.js';
import { refuseLfsPointer } from './lfs-pointer.js';

/**
 * The text of a file, whatever the editor that saved it: UTF-8 with or without a byte-order mark, or UTF-16 with one, as
 * some shells write it. The mark is no part of the text.
 *
 * @param bytes the whole file.
 * @param place the file's name, for messages.
 * @param asError the class of the reader's own errors.
 * @throws {DatasetError} or `asError`, if the bytes are no such text, or a Git LFS pointer in place of the file.
 * Cost: O(bytes).
 */
export function decodeText(
  bytes: Uint8Array,
  place: string,
  asError: new (message: string, options?: ErrorOptions) => Error = DatasetError,
): string {
  refuseLfsPointer(bytes, place, asError);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    // TextDecoder leaves a leading byte-order mark out.
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new asError(`${place}: expected text in UTF-8, got other bytes; save it as UTF-8`, { cause });
  }
  return text;
}

import { ModelError } from '@retinabench/core';
import { otherFormats } from './other-formats.js';

/** Bytes at the beginning of a file that tell its format. */
const headBytes = 512;

/**
 * Refuse what is often given or saved in place of an .onnx: models of other formats, an empty file, a web page, a card, an archive.
 *
 * @param place the file's name, for messages.
 * @returns `bytes`.
 * @throws {ModelError} that says what the file is and how to get an .onnx.
 */
export function refuseOtherFiles(bytes: Uint8Array, place: string): Uint8Array {
  if (bytes.length === 0) {
    throw new ModelError(`${place}: expected an .onnx, got an empty file; fetch the file again`);
  }
  const head = String.fromCharCode(...bytes.subarray(0, headBytes));
  const format = otherFormats.find(({ isSo }) => isSo?.(head));
  if (format !== undefined) throw new ModelError(`${place}: expected an .onnx, got ${format.what}; ${format.next}`);
  return bytes;
}

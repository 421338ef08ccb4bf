import { ModelError } from '@retinabench/core';

/** How other files begin, what they are, and what to do about it. */
const beginnings: readonly [isSo: (head: string) => boolean, what: string, next: string][] = [
  [
    (head) => /^\s*</.test(head),
    'a page of HTML or XML',
    'the download ended at an error or login page: fetch the file itself',
  ],
  [(head) => /^\s*[{[]/.test(head), 'JSON text', 'pass the .onnx, not its card'],
  [
    (head) => head.startsWith('PK\u0003\u0004'),
    'a ZIP archive, as PyTorch writes checkpoints',
    'unpack it, or import the checkpoint: retinabench models import',
  ],
];

/**
 * Refuse what is often saved in place of an .onnx: an empty file, a web page, a card, an archive.
 *
 * @param place the file's name, for messages.
 * @returns `bytes`.
 * @throws {ModelError} that says what the file is.
 */
export function refuseOtherFiles(bytes: Uint8Array, place: string): Uint8Array {
  if (bytes.length === 0) {
    throw new ModelError(`${place}: expected an .onnx, got an empty file; fetch the file again`);
  }
  const head = new TextDecoder('utf-8').decode(bytes.subarray(0, 64));
  for (const [isSo, what, next] of beginnings) {
    if (isSo(head)) throw new ModelError(`${place}: expected an .onnx, got ${what}; ${next}`);
  }
  return bytes;
}

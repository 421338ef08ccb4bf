import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ModelError } from '@retinabench/core';
import { readTrainedHead, type TrainedHead } from '../dense-head/trained-head.js';

/** Networks whose trained dense head comes with this package. */
export const shippedHeadBases: readonly string[] = ['retinaface-rb025', 'retinaface-mnet025'];

/**
 * The trained dense head of this package that belongs to a network, whatever the network is called here.
 *
 * @param fingerprint networkFingerprint of the network.
 * @returns undefined if there is none.
 * @throws {ModelError} if a head's file is missing or damaged.
 */
export async function shippedDenseHead(fingerprint: string): Promise<TrainedHead | undefined> {
  for (const base of shippedHeadBases) {
    const head = await readHeadFile(
      fileURLToPath(new URL(`../../data/dense-head-${base}.safetensors`, import.meta.url)),
      'install the package again',
    );
    if (head.fingerprint === fingerprint) return head;
  }
  return undefined;
}

/**
 * Read the file of a trained dense head.
 *
 * @param next what to do where it cannot be read, for messages.
 * @throws {ModelError} if it cannot be read, or is no trained head.
 */
export async function readHeadFile(file: string, next: string): Promise<TrainedHead> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new ModelError(
      `${file}: expected a trained dense head, got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}; ${next}`,
      { cause },
    );
  }
  return readTrainedHead(bytes, file);
}

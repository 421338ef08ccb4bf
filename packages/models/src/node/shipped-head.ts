import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ModelError } from '@retinabench/core';
import { readTrainedHead, type TrainedHead } from '../dense-head/trained-head.js';

/** Where the trained dense head lies in this package. */
const file = new URL('../../data/dense-head.safetensors', import.meta.url);

/**
 * The trained dense head that comes with this package; its `base` names the network that it belongs to.
 *
 * @throws {ModelError} if its file is missing or damaged.
 */
export async function shippedDenseHead(): Promise<TrainedHead> {
  const place = fileURLToPath(file);
  try {
    return readTrainedHead(await readFile(file), place);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(
      `${place}: expected the trained dense head, got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}; install the package again`,
      { cause },
    );
  }
}

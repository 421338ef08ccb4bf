import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { makeFolder, writeAdvice, writeWhole } from '@retinabench/files';
import { formatCard } from '../card/format.js';
import type { ImportedModel } from '../import/import-checkpoint.js';
import { cardPathOf } from './load-card.js';

/**
 * Write a model and its card beside it, each atomically; the card last, since its presence says that the model is whole.
 *
 * @throws {EnvironmentError} if the folder or a file cannot be written.
 */
export async function saveModel(onnxPath: string, model: ImportedModel): Promise<void> {
  try {
    await makeFolder(path.dirname(onnxPath));
    await writeWhole(onnxPath, model.onnx);
    await writeWhole(cardPathOf(onnxPath), formatCard(model.card));
  } catch (cause) {
    throw new EnvironmentError(
      `${onnxPath}: cannot write the model (${(cause as Error).message}); ${writeAdvice(cause, 'choose another place, or set RETINABENCH_CACHE')}`,
      { cause },
    );
  }
}

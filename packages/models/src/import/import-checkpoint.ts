import { sha256Hex } from '@retinabench/core';
import type { Architecture } from '../architectures/architecture.js';
import type { ModelCard } from '../card/card.js';
import { readCheckpoint } from '../checkpoint/read.js';
import { CheckpointSource } from '../graph/checkpoint-source.js';
import { writeOnnx } from '../onnx/write.js';
import { findArchitecture } from '../zoo/find-architecture.js';

/** A finished model: the file and its card. */
export interface ImportedModel {
  /** Bytes of the .onnx file. */
  readonly onnx: Uint8Array;
  readonly card: ModelCard;
}

/**
 * Turn a PyTorch checkpoint into an .onnx file and its card.
 *
 * Source, licence and published AP of the card are those of the public checkpoint, and stand on its card alone.
 *
 * @param checkpoint   bytes of the checkpoint.
 * @param place        its file name, for messages.
 * @param architecture id of the network that it was trained with (`architectureIds`).
 * @returns the same bytes for the same checkpoint, whenever it is called.
 * @throws {ModelError} if the file is no checkpoint, or its tensors are not exactly the architecture's.
 */
export function importCheckpoint(checkpoint: Uint8Array, place: string, architecture: string): ImportedModel {
  const found = findArchitecture(architecture);
  const source = new CheckpointSource(readCheckpoint(checkpoint, place), place);
  const model = found.build(source);
  source.assertAllTaken();
  const onnx = writeOnnx(model);
  const isPublic = found.origin === 'checkpoint' && sha256Hex(checkpoint) === found.file.sha256;
  const card = isPublic ? found.card : foreignCard(found.card);
  return { onnx, card: { schemaVersion: 1, ...card, sha256: sha256Hex(onnx), parameters: source.parameters } };
}

/** The card of a checkpoint that is not the public one of its architecture: nothing that was said of that holds for it. */
function foreignCard({ published: _, ...card }: Architecture['card']): Architecture['card'] {
  return { ...card, source: 'unknown: not the public checkpoint of its architecture', licence: 'unknown' };
}

import { sha256Hex } from '@retinabench/core';
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
 * @param checkpoint   bytes of the checkpoint.
 * @param place        its file name, for messages.
 * @param architecture id of the network that it was trained with (`architectureIds`).
 * @returns the same bytes for the same checkpoint, whenever it is called.
 * @throws {ModelError} if the file is no checkpoint, or its tensors are not exactly the architecture's.
 */
export function importCheckpoint(checkpoint: Uint8Array, place: string, architecture: string): ImportedModel {
  const { card, build } = findArchitecture(architecture);
  const source = new CheckpointSource(readCheckpoint(checkpoint, place), place);
  const model = build(source);
  source.assertAllTaken();
  const onnx = writeOnnx(model);
  return { onnx, card: { schemaVersion: 1, ...card, sha256: sha256Hex(onnx), parameters: source.parameters } };
}

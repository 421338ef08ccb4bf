import { sha256Hex } from '@retinabench/core';
import { readTfjsWeights } from '../face-api/read-weights.js';
import { CheckpointSource } from '../graph/checkpoint-source.js';
import { writeOnnx } from '../onnx/write.js';
import type { EmbeddedModel } from '../zoo/zoo-model.js';
import type { ImportedModel } from './import-checkpoint.js';

/**
 * Build one of the networks whose weights @vladmandic/face-api ships.
 *
 * @param model    of the catalogue.
 * @param manifest text of the weights manifest.
 * @param data     the weights.
 * @param hash     SHA-256 in hex; the platform's own is ten times as fast as the portable one.
 * @throws {ModelError} if the weights are not that network's.
 */
export function buildEmbedded(
  model: EmbeddedModel,
  manifest: string,
  data: Uint8Array,
  hash: (bytes: Uint8Array) => string = sha256Hex,
): ImportedModel {
  const source = new CheckpointSource(readTfjsWeights(manifest, data, model.weights), model.weights);
  const onnx = writeOnnx(model.build(source));
  return {
    onnx,
    card: { schemaVersion: 1, ...model.card, sha256: hash(onnx), parameters: source.parameters },
  };
}

import { ModelError, sha256Hex } from '@retinabench/core';
import { CheckpointSource } from '../graph/checkpoint-source.js';
import type { ImportedModel } from '../import/import-checkpoint.js';
import { writeOnnx } from '../onnx/write.js';
import { embeddedNetworks } from './networks.js';
import { readTfjsWeights } from './read-weights.js';

/**
 * Build one of the networks whose weights @vladmandic/face-api ships.
 *
 * @param id       of `embeddedNetworks`.
 * @param manifest text of the weights manifest.
 * @param data     the weights.
 * @param hash     SHA-256 in hex; the platform's own is ten times as fast as the portable one.
 * @throws {ModelError} if the id is unknown or the weights are not that network's.
 */
export function buildEmbedded(
  id: string,
  manifest: string,
  data: Uint8Array,
  hash: (bytes: Uint8Array) => string = sha256Hex,
): ImportedModel {
  const network = embeddedNetworks.get(id);
  if (network === undefined) {
    throw new ModelError(`model ${id}: expected one of ${[...embeddedNetworks.keys()].join(', ')}`);
  }
  const source = new CheckpointSource(readTfjsWeights(manifest, data, network.weights), network.weights);
  const onnx = writeOnnx(network.build(source));
  return {
    onnx,
    card: { schemaVersion: 1, ...network.card, sha256: hash(onnx), parameters: source.parameters },
  };
}

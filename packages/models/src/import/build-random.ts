import { sha256Hex } from '@retinabench/core';
import { RandomSource } from '../graph/random-source.js';
import { writeOnnx } from '../onnx/write.js';
import { findArchitecture } from '../zoo/find-architecture.js';
import type { ImportedModel } from './import-checkpoint.js';

/** The seed of models that are built on first use. */
export const defaultSeed = 1;

/**
 * A model of an architecture with seeded random weights. Its card says so in title and source, and carries no AP.
 *
 * @param id   of the architecture; the card's too.
 * @param seed the same seed gives the same bytes.
 * @param hash SHA-256 in hex; the platform's own is ten times as fast as the portable one.
 * @throws {ModelError} if the architecture is unknown.
 * Cost: O(weights), several copies of them at a time: 1 GB for `retinaface-resnet152`.
 */
export function buildRandom(id: string, seed: number, hash: (bytes: Uint8Array) => string = sha256Hex): ImportedModel {
  const { card, build } = findArchitecture(id);
  const source = new RandomSource(seed);
  const onnx = writeOnnx(build(source));
  const { published: _, ...kept } = card;
  return {
    onnx,
    card: {
      schemaVersion: 1,
      ...kept,
      title: `${card.title} (random weights)`,
      source: `${card.source}; random weights, seed ${seed}`,
      sha256: hash(onnx),
      parameters: source.parameters,
    },
  };
}

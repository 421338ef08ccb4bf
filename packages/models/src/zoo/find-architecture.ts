import { ModelError } from '@retinabench/core';
import { checkpointModels } from './checkpoint-models.js';
import { randomModels } from './random-models.js';
import type { CheckpointModel, RandomModel } from './zoo-model.js';

const architectures: readonly (CheckpointModel | RandomModel)[] = [...checkpointModels, ...randomModels];

/** Ids of the networks that the graph writer builds from PyTorch weights. */
export const architectureIds: readonly string[] = architectures.map(({ card }) => card.id);

/**
 * The network `id` of the graph writer.
 *
 * @throws {ModelError} naming the known ones if there is none.
 */
export function findArchitecture(id: string): CheckpointModel | RandomModel {
  const found = architectures.find(({ card }) => card.id === id);
  if (found === undefined) throw new ModelError(`architecture ${id}: expected one of ${architectureIds.join(', ')}`);
  return found;
}

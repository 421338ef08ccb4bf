import { ModelError } from '@retinabench/core';
import { checkpointModels } from './checkpoint-models.js';
import { architectureIds } from './model-ids.js';
import { randomModels } from './random-models.js';
import type { CheckpointModel, RandomModel } from './zoo-model.js';

const architectures: readonly (CheckpointModel | RandomModel)[] = [...checkpointModels, ...randomModels];

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

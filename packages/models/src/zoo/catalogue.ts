import { checkpointModels } from './checkpoint-models.js';
import { embeddedModels } from './embedded-models.js';
import { ownModels } from './own-models.js';
import { publishedModels } from './published-models.js';
import { randomModels } from './random-models.js';
import type { ZooModel } from './zoo-model.js';

/** Every model that RetinaBench knows by id, in the order in which it lists them. */
export const catalogue: ReadonlyMap<string, ZooModel> = new Map(
  [...ownModels, ...embeddedModels, ...checkpointModels, ...randomModels, ...publishedModels].map((model) => [
    model.card.id,
    model,
  ]),
);

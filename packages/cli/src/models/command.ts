import type { Command } from 'commander';
import { registerModelsCard } from './card/command.js';
import { registerModelsImport } from './import.js';
import { registerModelsInspect } from './inspect.js';
import { registerModelsList } from './list.js';
import { registerModelsPull } from './pull.js';
import { registerModelsQuantize } from './quantize.js';
import { registerModelsShow } from './show.js';

/** Register `retinabench models` and its verbs. */
export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('the model zoo, and cards of your own models: list, show, inspect, card, import, pull, quantize');
  registerModelsList(models);
  registerModelsImport(models);
  registerModelsShow(models);
  registerModelsInspect(models);
  registerModelsCard(models);
  registerModelsPull(models);
  registerModelsQuantize(models);
}

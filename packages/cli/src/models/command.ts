import type { Command } from 'commander';
import { registerModelsImport } from './import.js';
import { registerModelsList } from './list.js';
import { registerModelsPull } from './pull.js';
import { registerModelsQuantize } from './quantize.js';

/** Register `retinabench models` and its verbs. */
export function registerModels(program: Command): void {
  const models = program.command('models').description('the model zoo: list, import, pull, quantize');
  registerModelsList(models);
  registerModelsImport(models);
  registerModelsPull(models);
  registerModelsQuantize(models);
}

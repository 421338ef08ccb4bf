import type { Command } from 'commander';
import { registerDatasetsCheck } from './check-command.js';
import { registerDatasetsList } from './list-command.js';
import { registerDatasetsPull } from './pull-command.js';

/** Register `retinabench datasets` and its verbs. */
export function registerDatasets(program: Command): void {
  const datasets = program.command('datasets').description('the data sets: list, pull, check');
  registerDatasetsList(datasets);
  registerDatasetsPull(datasets);
  registerDatasetsCheck(datasets);
}

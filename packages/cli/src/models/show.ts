import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench models show`. */
export function registerModelsShow(models: Command): void {
  const command = models
    .command('show')
    .argument('<id>', 'id of `retinabench models list`, or a model file with its card beside it');
  addOutputFlags(command)
    .addHelpText('after', '\nExample:\n  retinabench models show scrfd-500m')
    .action(lazyAction(async () => (await import('./run-show.js')).runShow));
}

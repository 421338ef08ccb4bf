import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench models list`. */
export function registerModelsList(models: Command): void {
  const command = models
    .command('list')
    .option('--verbose', 'build those that can be built, and add bytes and multiply-adds at 640 x 480');
  addOutputFlags(command)
    .addHelpText('after', '\nExample:\n  retinabench models list --verbose')
    .action(lazyAction(async () => (await import('./run-list.js')).runList));
}

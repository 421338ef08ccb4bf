import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench datasets list`. */
export function registerDatasetsList(datasets: Command): void {
  const command = datasets.command('list').addHelpText('after', '\nExample:\n  retinabench datasets list --json\n');
  addOutputFlags(command).action(lazyAction(async () => (await import('./run-list.js')).runList));
}

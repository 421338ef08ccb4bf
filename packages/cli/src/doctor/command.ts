import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench doctor`. */
export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .addHelpText(
      'after',
      '\nExample:\n  retinabench doctor --json\n\nExit code: 0 if an evaluation can run, 3 if no backend runs or the cache cannot be written.\n',
    );
  addOutputFlags(command).action(lazyAction(async () => (await import('./run-doctor.js')).runDoctor));
}

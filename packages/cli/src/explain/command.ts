import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench explain`. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .argument('[word...]', 'as a record, a table or a flag has it, or the code of a finding; none: all words');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench explain found
  retinabench explain nmsIou ap.hard
  retinabench explain not told apart
  retinabench explain box-size                   the code before a finding: when it is found, what corrects it
  retinabench wider hard --explain proposals     behind any verb, which is not run`,
    )
    .action(lazyAction(async () => (await import('./run-explain.js')).runExplain));
}

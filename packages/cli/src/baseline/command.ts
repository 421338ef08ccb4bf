import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';
import { refuseRepeatedFlags } from '../terminal/refuse-repeated-flags.js';

/** Register `retinabench baseline`. */
export function registerBaseline(program: Command): void {
  const command = program
    .command('baseline')
    .requiredOption('--record <file>', 'the record to accept')
    .option(
      '--out <file>',
      'where the gate will find it (default: beside the history, <kind>-<model>-<backend>-<data set>-<protocol>.json)',
    )
    .option('--history <file>', 'the append-only history, one decision a line', 'baselines/history.jsonl')
    .option('--why <text>', 'the reason, for those who read the trend later')
    .option('--by <name>', "who decided (default: GITHUB_ACTOR, else git's user)")
    .option('--commit <sha>', 'the commit whose numbers these are (default: the checked-out one)');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench baseline --record results/wider/hard.json --why 'int8 model, smaller by half'`,
    )
    .action(lazyAction(async () => (await import('./run-baseline.js')).runBaseline));
  refuseRepeatedFlags(command);
}

import type { Command } from 'commander';
import { addOutputFlags } from '../terminal/flags.js';
import { queueOption } from './queue-flags.js';
import type { QueueVerbFlags } from './run-queue-verb.js';

/** Register `retinabench queue` and its verbs. */
export function registerQueue(program: Command): void {
  const queue = program.command('queue');
  const verb = (name: string, description: string): Command =>
    queue.command(name).description(description).addOption(queueOption('redis://, rediss:// or postgres://'));
  addOutputFlags(
    verb('status', 'runs and workers of a queue').option(
      '--live',
      'also tell whether processes of other machines live; takes six seconds',
    ),
  )
    .addHelpText('after', '\nExample:\n  retinabench queue status --queue redis://queue:6379 --live')
    .action(async (flags: QueueVerbFlags) => (await import('./run-queue-verb.js')).runStatus(flags));
  addOutputFlags(
    verb('drain', 'end runs when what workers have in hand is taken in; the same commands go on later').option(
      '--run <id>',
      'only this run',
    ),
  )
    .addHelpText(
      'after',
      `
The command that asked for the run takes no more than what workers have in hand, and ends with exit code 3; its finished images
are kept. It does so within seconds, whatever machine it is on.

Examples:
  retinabench queue drain --queue redis://queue:6379
  retinabench queue drain --queue redis://queue:6379 --run 0123456789ab`,
    )
    .action(async (flags: QueueVerbFlags) => (await import('./run-queue-verb.js')).runDrain(flags));
  addOutputFlags(
    verb('clean', 'remove what runs and workers left that were killed; what lives stays')
      .option('--run <id>', 'only this run')
      .option('--unreadable', 'also entries of other versions, which this one cannot read'),
  )
    .addHelpText(
      'after',
      `
Finished images lie in the run folder of the coordinator and stay; the same command goes on with them.

Example:
  retinabench queue clean --queue redis://queue:6379`,
    )
    .action(async (flags: QueueVerbFlags) => (await import('./run-queue-verb.js')).runClean(flags));
}

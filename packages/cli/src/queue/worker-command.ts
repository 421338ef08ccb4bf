import { availableParallelism } from 'node:os';
import { mostSlots } from '@retinabench/queue/settings';
import type { Command } from 'commander';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';
import type { WorkerFlags } from './run-worker.js';

/** Register `retinabench worker`. */
export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .option(
      '--queue <url>',
      'where runs come from: redis://, rediss:// or postgres:// (default: RETINABENCH_QUEUE)',
      'env',
    )
    .option('--data <dirs...>', 'folders of the same images that the runs are about; what is in none is fetched')
    .option('--model <files...>', 'models that this machine has, .onnx; beside those that --model of other verbs finds')
    .option('--backend <list>', 'take only runs of these backends')
    .option('--workers <n>', 'worker processes, each with a session', wholeNumber(1, mostSlots), availableParallelism())
    .option('--name <name>', 'as the fleet sees it (default: host and process)')
    .option('--exit-when-idle <seconds>', 'end after so long without work', numberBetween(1, 10_000_000));
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Works on the units of all runs of the queue in turn, until it is told to end: the first Ctrl-C (or SIGTERM) takes no more and ends
when the units in hand are done, the second gives them back. Killed, its units go to others after their lock has run out.
A run that this machine would give other numbers of (other code, runtime, GPU, processor or images) is refused with the reason.

Examples:
  retinabench worker --queue redis://queue:6379 --data ../shared/datasets/wider
  RETINABENCH_QUEUE=rediss://bench:secret@queue:6380 retinabench worker --workers 4 --exit-when-idle 600`,
    )
    .action(async (flags: WorkerFlags) => (await import('./run-worker.js')).runWorker(flags));
}

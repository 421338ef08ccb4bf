import { availableParallelism } from 'node:os';
import { mostSlots } from '@retinabench/queue/settings';
import { type Command, InvalidArgumentError } from 'commander';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';
import { queueOption } from './queue-flags.js';
import type { WorkerFlags } from './run-worker.js';

/** Longest name of a worker: it stands in tables and in lines of progress. */
const longestName = 100;

/** Register `retinabench worker`. */
export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .addOption(queueOption('where runs come from: redis://, rediss:// or postgres://'))
    .option(
      '--data <dirs...>',
      'folders of the images that the runs are about (default: the data set that wider takes); an image in none of them is fetched where --serve-images lets it',
    )
    .option('--model <files...>', 'models that this machine has, .onnx; beside those that --model of other verbs finds')
    .option('--backend <list>', 'take only runs of these backends')
    .option('--workers <n>', 'worker processes, each with a session', wholeNumber(1, mostSlots), availableParallelism())
    .option('--name <name>', 'as the fleet sees it (default: host and process)', workerName)
    .option('--exit-when-idle <seconds>', 'end after so long without work', numberBetween(1, 10_000_000));
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Works on the units of all runs of the queue in turn, until it is told to end: the first Ctrl-C (or SIGTERM) takes no more and ends
when the units in hand are done, the second gives them back. Killed, its units go to others after their lock has run out.
A run that this machine would give other numbers of (other code, runtime, GPU, processor or images) is refused with the reason.
Exit codes: 0 told to end, or idle for long enough; 2 wrong flags; 3 the queue cannot be reached or used; 130 units were given back.

Examples:
  retinabench worker --queue redis://queue:6379 --data ../shared/datasets/wider
  retinabench worker --queue postgres://bench@db:5432/bench --data ../shared/datasets/wider
  RETINABENCH_QUEUE=rediss://bench:secret@queue:6380 retinabench worker --workers 4 --exit-when-idle 600`,
    )
    .action(async (flags: WorkerFlags) => (await import('./run-worker.js')).runWorker(flags));
}

function workerName(text: string): string {
  if (text.trim() === '' || text.length > longestName) {
    throw new InvalidArgumentError(`expected 1 to ${longestName} characters.`);
  }
  return text;
}

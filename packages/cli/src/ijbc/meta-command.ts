import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench ijbc meta`. */
export function registerMeta(ijbc: Command): void {
  const command = ijbc
    .command('meta')
    .requiredOption('--from-folders <dir>', 'a folder with a folder of images for each person')
    .requiredOption('--out <dir>', 'where the lists go; no file there is written over')
    .option('--prefix <name>', 'prefix of the files (default: the name of the folder)')
    .option('--impostor-pairs <n>', 'impostor pairs at most; of more, so many are drawn', wholeNumber(1), 1_000_000)
    .option('--seed <n>', 'seed of what is drawn: impostor pairs, who and what is enrolled', wholeNumber(0), 1);
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Every image is a template of its own. Where an image shows several faces, extract takes the one nearest its centre; where it
shows none, a typical face in its middle: both are counted in the record.

Example:
  retinabench ijbc meta --from-folders people --out people-meta
  retinabench ijbc extract --meta people-meta --images people --out people.npy
  retinabench ijbc identify --meta people-meta --features people.npy --features-flip people-flip.npy`,
    )
    .action(lazyAction(async () => (await import('./run-meta.js')).runMeta));
}

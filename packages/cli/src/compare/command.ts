import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench compare`. */
export function registerCompareRecords(program: Command): void {
  const command = program
    .command('compare')
    .argument('<baseline>', 'result record')
    .argument('<record>', 'result record of the same kind, protocol and data set')
    .option('--as-detectors', 'compare detectors as wholes: scale, score floor and suppression may differ')
    .option('--all', 'also the numbers that are the same')
    .option(
      '--resamples <n>',
      'resamples of the images for differences of landmarks (default: 1000); other records are sums over the images',
      wholeNumber(2, 1_000_000),
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Every number that both records have: its difference, the 95 % interval of it, paired over the images (subjects, draws,
folds) where the records allow, and whether it is better, worse, uncertain among so many numbers, or not told apart, with
the number of images that would tell. Records of two protocols or data sets are refused, with what differs. The exit code
is 0 whatever the numbers say: a verdict is retinabench gate.

Examples:
  retinabench compare baselines/wider.json results/wider/run.json
  retinabench compare baselines/wider.json results/wider/run.json --json`,
    )
    .action(lazyAction(async () => (await import('./run-compare.js')).runCompare));
}

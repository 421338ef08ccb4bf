import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

const help = `
Examples:
  retinabench datasets check ../shared/datasets/wider
  retinabench datasets check --quick --json

Exit code: 0 if every image that is there decodes, also when some are missing (a part of a data set is a data set); 2 if
images are corrupt, the layout is wrong or the ground truth cannot be read; with --strict also 2 if anything is missing.
`;

/** Register `retinabench datasets check`. */
export function registerDatasetsCheck(datasets: Command): void {
  const command = datasets
    .command('check')
    .argument('[dir]', 'a data set root; default: RETINABENCH_DATA, else the pulled WIDER FACE, else mini')
    .option('--quick', 'compare names only, decode no image')
    .option('--strict', 'exit 2 if an image is missing')
    .addHelpText('after', help);
  addOutputFlags(command).action(lazyAction(async () => (await import('./run-check.js')).runCheck));
}

import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

const help = `
Examples:
  retinabench datasets pull wider-val --accept-licence
  retinabench datasets pull wider-val --accept-licence --from ~/Downloads   (archives that you have already)
  RETINABENCH_MIRROR=https://mirror.example/retinabench retinabench datasets pull lfw --accept-licence
  retinabench datasets pull ijbc                                            (says how to apply)

NAME is one of \`retinabench datasets list\`, or a manifest file ending in .json (docs/add-a-data-set.md).
Downloads resume where they were interrupted, are checked against SHA-256 before they are used, and go to
RETINABENCH_CACHE (default ~/.cache/retinabench). RETINABENCH_MIRROR names mirrors, separated by spaces, that are
tried first: http:, https: or file: URLs, or folders, each with <data set>/<file>.
`;

/** Register `retinabench datasets pull`. */
export function registerDatasetsPull(datasets: Command): void {
  const command = datasets
    .command('pull')
    .argument('<name>', 'a known data set, or a manifest file')
    .option('--accept-licence', 'you have read the licence and agree')
    .option('--from <dir>', 'a folder with what you downloaded yourself')
    .option('--parallel <n>', 'files under way at once', wholeNumber(1), 4)
    .option('--fresh', 'pull again although it is here')
    .addHelpText('after', help);
  addOutputFlags(command).action(lazyAction(async () => (await import('./run-pull.js')).runPull));
}

import { fetchedModelIds } from '@retinabench/models/settings';
import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

const help = `
Examples:
  retinabench models pull retinaface-mnet025 --accept-licence
  retinabench models pull yunet-n ultraface-rfb-640 --accept-licence
  retinabench models pull scrfd-500m --accept-licence --from ../shared/models   (files that you have already)

Every file is held against its SHA-256; checkpoints are imported at once. RETINABENCH_MIRROR names mirrors that are tried
first, each with models/<file>.
`;

/** Register `retinabench models pull`. */
export function registerModelsPull(models: Command): void {
  const command = models
    .command('pull')
    .argument('<id...>', `models to get: ${fetchedModelIds.join(', ')}`)
    .option('--accept-licence', 'you have read the licences and agree')
    .option('--from <dir>', 'a folder that has the files')
    .addHelpText('after', help);
  addOutputFlags(command).action(lazyAction(async () => (await import('./run-pull.js')).runPull));
}

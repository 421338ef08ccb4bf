import os from 'node:os';
import { type Command, Option } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';
import { addMetaFlags } from './meta-flags.js';
import { addPoolingFlags } from './pooling-flags.js';
import { addResamplingFlags } from './verification-flags.js';

/** Register `retinabench ijbc identify`. */
export function registerIdentify(ijbc: Command): void {
  const command = ijbc.command('identify');
  addResamplingFlags(addPoolingFlags(addMetaFlags(command)))
    .addOption(
      new Option('--rules <which>', 'each gallery alone (as corrected in 2021), or the older denominators')
        .choices(['corrected', 'legacy'])
        .default('corrected'),
    )
    .option('--threads <n>', 'threads that score', wholeNumber(1), os.availableParallelism())
    .option('--force', 'write the record in spite of errors, which then stand among its warnings')
    .option(
      '--out <file>',
      'the record (default: results/ijbc-identification/<name of the features>-<hash of all conditions>.json)',
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench ijbc identify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy`,
    )
    .action(lazyAction(async () => (await import('./identify-features.js')).identifyFeatures));
}

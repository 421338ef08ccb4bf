import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';
import { addMetaFlags } from './meta-flags.js';
import { addPoolingFlags } from './pooling-flags.js';
import { addVerificationFlags } from './verification-flags.js';

/** Register `retinabench ijbc verify`. */
export function registerVerify(ijbc: Command): void {
  const command = ijbc.command('verify');
  addVerificationFlags(addPoolingFlags(addMetaFlags(command)))
    .option('--threads <n>', 'threads that score pairs', wholeNumber(1), availableParallelism())
    .option('--scores <file>', 'scores of pairs instead of features: .npy or one per line; needs --labels')
    .option('--labels <file>', 'labels of those pairs: .npy, one per line, or the pair list itself')
    .option('--against <file>', 'features to compare with: prints the paired difference of TAR')
    .option('--against-flip <file>', 'the same of the mirrored images')
    .option('--limit <n>', 'the first n images alone, as extract --limit makes features of', wholeNumber(1))
    .option(
      '--out <file>',
      'the record (default: results/ijbc-verification/<name of the features>-<hash of all conditions>.json)',
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench ijbc verify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy
  retinabench ijbc verify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy --codes N1D1F2 --script ijb_11
  retinabench ijbc verify --scores scores.npy --labels IJBC/meta/ijbc_template_pair_label.txt`,
    )
    .action(lazyAction(async () => (await import('./run-verify.js')).runVerify));
}

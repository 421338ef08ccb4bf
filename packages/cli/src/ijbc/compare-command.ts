import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';
import { addExtractionFlags } from './extraction-flags.js';
import { addPoolingFlags } from './pooling-flags.js';
import { addVerificationFlags } from './verification-flags.js';

/** Register `retinabench ijbc compare`. */
export function registerCompare(ijbc: Command): void {
  const command = ijbc.command('compare').requiredOption('--against <id>', 'the detector to compare --model with');
  addVerificationFlags(addPoolingFlags(addExtractionFlags(command))).option(
    '--out <file>',
    'the record (default: results/ijbc-verification/<name of the features>-<hash of all conditions>.json)',
  );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Everything but the detector is the same for both: embedder, alignment, pooling, pairs and the resampled subjects.

Example:
  retinabench ijbc compare --meta ../shared/datasets/lfw --images ../shared/datasets/lfw/images-50px --resize-long 250 \\
    --pairs all-images --model retinaface-mnet025 --against ultraface-rfb-320 --embedder mobilefacenet-128d`,
    )
    .action(lazyAction(async () => (await import('./run-compare.js')).runCompare));
}

import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addQueueFlags } from '../queue/queue-flags.js';
import { addOutputFlags } from '../terminal/flags.js';
import { addExtractionFlags } from './extraction-flags.js';

/** Register `retinabench ijbc extract`. */
export function registerExtract(ijbc: Command): void {
  const command = ijbc.command('extract');
  addQueueFlags(addExtractionFlags(command)).option(
    '--out <file>',
    'the features, .npy (default: results/ijbc-features/<data set>-<detector>-<embedder>-<hash of the settings>.npy)',
  );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Writes, beside features.npy: features-flip.npy (mirrored crops), features-points.txt (points and scores as found) and
features.json (models and settings, which ijbc verify puts into its record) and
features-images.jsonl (the hash of each image, so that images are not read again to see that they are the same).

Example:
  retinabench ijbc extract --meta ../shared/datasets/lfw --model retinaface-mnet025 \\
    --embedder mobilefacenet-128d --out features.npy`,
    )
    .action(lazyAction(async () => (await import('./run-extract.js')).runExtract));
}

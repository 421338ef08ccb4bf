import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';
import { addEvaluateFlags } from './evaluate-flags.js';

/** Register `retinabench wider merge`. */
export function registerWiderMerge(wider: Command): void {
  const command = wider
    .command('merge')
    .argument('<dirs...>', 'run folders of the shards (what wider predict --pred or results/wider/... hold)')
    .option('--data <dir>', 'data set root, as the shards had it')
    .option('--config <file>', 'defaults of the flags (default: retinabench.json)')
    .option('--no-config', 'without the configuration of this folder')
    .option('--partial', 'score the images that are there although some are missing, and say so');
  addOutputFlags(addEvaluateFlags(command))
    .addHelpText(
      'after',
      `
Scores are normalised over the whole run, so shards are merged before scoring; an AP of shards cannot be averaged.

Example:
  retinabench wider predict --shard 1/2 --pred shard1
  retinabench wider predict --shard 2/2 --pred shard2
  retinabench wider merge shard1 shard2`,
    )
    .action(lazyAction(async () => (await import('./run-merge.js')).runMerge));
}

import { defaultAtScore, ruleSets } from '@retinabench/eval-wider/settings';
import { type Command, Option } from 'commander';
import { addAnalysisFlags } from '../analysis/analysis-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addScoreMapFlags } from '../score-map/score-map-flags.js';
import { addOutputFlags, numberBetween } from '../terminal/flags.js';
import { addIntervalFlags } from './interval-flags.js';
import { addPredictionFlags } from './prediction-flags.js';

/** Register `retinabench wider score`. */
export function registerScore(wider: Command): void {
  const command = wider
    .command('score')
    .option('--pred <dir>', 'folder of predictions')
    .option('--gt <dir>', 'folder of the ground truth (.mat files or wider_face_val.json)')
    .option(
      '--data <dir>',
      'data set root: its ground_truth, for the images that it has; beside --gt, only where the images lie',
    )
    .addOption(new Option('--rules <set>', 'whose evaluator is reproduced').choices(ruleSets).default('python'))
    .addOption(
      new Option(
        '--order <rule>',
        'strict: files must be sorted by score; any: sort them (default: strict; any for matlab)',
      ).choices(['strict', 'any']),
    )
    .option(
      '--images <which>',
      'all, present (those with a prediction file) or a file with a list of images (default: all; those that it has with --data)',
    )
    .addOption(
      new Option('--faces-without-area <how>', 'whether annotated faces of width or height 0 count')
        .choices(['counted', 'ignored'])
        .default('counted'),
    )
    .option('--at-score <score>', 'where misses and false positives are counted', numberBetween(0, 1), defaultAtScore)
    .option('--force', 'score in spite of what the diagnosis calls an error')
    .option('--out <file>', 'the record (default: results/wider/<name of the folder>-<hash of all conditions>.json)');
  addOutputFlags(addScoreMapFlags(addAnalysisFlags(addIntervalFlags(addPredictionFlags(command)))))
    .addHelpText(
      'after',
      `
Predictions are diagnosed first; what makes the number meaningless ends with exit code 2 and names the flag that corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --rules matlab
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --tide --calibration
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --want precision=0.95,fppi=0.1`,
    )
    .action(lazyAction(async () => (await import('./run-score.js')).runScore));
}

import { resizeKernels } from '@retinabench/backends/settings';
import { type Command, Option } from 'commander';
import { addBrowserTimeoutFlag, addDetectorFlags } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench wider loss`. */
export function registerWiderLoss(wider: Command): void {
  const command = wider
    .command('loss')
    .option('--data <dir>', 'data set root (default: RETINABENCH_DATA, else the pulled one, else the embedded mini)')
    .option('--gt <dir>', 'folder or file of the ground truth (default: ground_truth in the data set root)')
    .addOption(
      new Option('--loss <preset>', "paper: equation 1 of arXiv:1905.00641; mnet: the public MobileNet-0.25's training")
        .choices(['paper', 'mnet'])
        .default('paper'),
    )
    .option('--positive-iou <n>', "an anchor is positive from this IoU (default: the preset's)", numberBetween(0, 1))
    .option('--negative-iou <n>', "an anchor is background below this IoU (default: the preset's)", numberBetween(0, 1))
    .option('--negatives <n>', "negatives mined per positive (default: the preset's)", wholeNumber(0))
    .option('--scale <rule>', 'original, original:MAX, long:N, vga or short:1600,2150 (default: original)')
    .addOption(
      new Option('--resize <kernel>', 'how images are resized (default: opencv-linear)').choices(resizeKernels),
    )
    .option('--limit <n>', 'the first n annotated images by name only', wholeNumber(1))
    .option(
      '--shard <i/n>',
      'the i-th of n equal parts only; auto: as the variables of the scheduler say (Slurm, Kubernetes, ...)',
    )
    .option('--strict', 'exit 2 if any image cannot be read')
    .option('--out <file>', 'the record (default: results/loss/<model>-<data set>-<hash of all conditions>.json)');
  addOutputFlags(addBrowserTimeoutFlag(addDetectorFlags(command)))
    .addHelpText(
      'after',
      `
The loss is that of one batch of all images. Only models with the heads of RetinaFace have one; see models list.
Exit codes: 0 done; 2 invalid input; 3 environment.

Example:
  retinabench wider loss --model retinaface-mnet025 --data ../shared/datasets/wider --loss mnet --scale vga --limit 100`,
    )
    .action(lazyAction(async () => (await import('./run-loss.js')).runLoss));
}

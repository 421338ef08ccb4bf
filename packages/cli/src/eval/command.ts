import { type Command, Option } from 'commander';
import { addAnalysisFlags } from '../analysis/analysis-flags.js';
import { addFaceFlags } from '../annotated/face-flags.js';
import { addMetricFlags } from '../annotated/metric-flags.js';
import { addOnlyFlag } from '../annotated/only-flag.js';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { addConfigFlag } from '../config/config-flag.js';
import { addChoiceFlags } from '../detection/choose-images.js';
import {
  addDetectorFlags,
  addImageTimeoutFlag,
  addPerturbFlags,
  addProtocolFlags,
  addWorkersFlag,
} from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addQueueFlags } from '../queue/queue-flags.js';
import { addScoreMapFlags } from '../score-map/score-map-flags.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench eval`. */
export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .option('--data <dir>', 'folder with images and their annotations, of any known form')
    .option('--gt <path>', 'annotations: a file or folder, where they do not lie in the folder of the images')
    .option('--images <dir>', 'folder of the images (default: that of the annotations)');
  addPerturbFlags(addProtocolFlags(addImageTimeoutFlag(addWorkersFlag(addDetectorFlags(command)))), true);
  addQueueFlags(command);
  addConfigFlag(addChoiceFlags(addOnlyFlag(command)))
    .addOption(
      new Option('--missing <rule>', 'annotated images without a file: refuse them, or leave them out')
        .choices(['refuse', 'leave-out'])
        .default('refuse'),
    )
    .option('--resume', 'go on where an earlier run stopped (the default)')
    .option('--fresh', 'discard what an earlier run left')
    .option('--strict', 'exit 2 if any image cannot be detected');
  addScoreMapFlags(addAnalysisFlags(addFaceFlags(addMetricFlags(command))))
    .option('--no-interval', 'leave out the 95 % intervals')
    .option('--force', 'evaluate even where the diagnosis finds an error')
    .option(
      '--out <file>',
      'the record (default: results/detection/<model>-<data set>-<backend>-<hash of all conditions>.json)',
    )
    .option('--report <file>', 'also write the page that compares the records (retinabench report)');
  addOutputFlags(addReadingFlags(command, 'gt'))
    .addHelpText(
      'after',
      `
--model, --backend and --scale take lists joined by commas: every combination is a record of its own, with one table at the end,
whose record --out then names.
Ctrl-C loses nothing: the same command goes on where it stopped. Exit codes: 0 evaluated; 2 invalid input, a model that does not
fit its card; 3 environment, or images on which the model, its worker or its time failed.

Examples:
  retinabench eval --data photos/ --model retinaface-mnet025
  retinabench eval --gt labels.csv --images photos/ --model retinaface-mnet025,yunet-n --scale long:640
  retinabench eval --data photos/ --tide --perturb blur:2,jpeg:30,dark:0.4,noise:10,scale:0.5,rotate:20
  retinabench eval --data photos/ --only images.txt --model yunet-n
  retinabench eval --data VOCdevkit/VOC2012 --gt-category face --difficult crowd`,
    )
    .action(lazyAction(async () => (await import('./run-eval.js')).runEval));
}

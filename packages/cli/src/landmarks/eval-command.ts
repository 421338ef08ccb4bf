import { type Command, Option } from 'commander';
import { addDetectorFlags, addImageTimeoutFlag, addProtocolFlags, addWorkersFlag } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';
import { detectedPoints } from './detected-points.js';
import { landmarkFolder } from './landmark-folder.js';
import { addMetricFlags, normaliserHelp } from './metric-flags.js';
import { addColumnFlags, addSideFlags } from './source-flags.js';

/** Register `retinabench landmarks eval`. */
export function registerLandmarkEval(landmarks: Command): void {
  const command = landmarks
    .command('eval')
    .option('--gt <path>', 'annotated points that name their images: label.txt, COCO, WFLW, a folder of .pts ...')
    .option('--images <dir>', 'the folder that the names of the images begin in')
    .addOption(
      new Option('--missing <what>', 'what is done about annotated images that are not there')
        .choices(['refuse', 'leave-out'])
        .default('refuse'),
    )
    .option('--limit <n>', 'the first n annotated images only', wholeNumber(1))
    .option('--min-score <n>', 'faces that score less are not found', numberBetween(0, 1), 0.5)
    .addOption(
      new Option(
        '--detected <points>',
        "five: the detector's landmarks; mesh: the 68 points of 300-W on the mesh of its dense head",
      )
        .choices(detectedPoints)
        .default('five'),
    );
  addProtocolFlags(addImageTimeoutFlag(addWorkersFlag(addDetectorFlags(addColumnFlags(addSideFlags(command, 'gt'))))));
  addMetricFlags(command)
    .option('--against <record>', 'a record of the same faces: the paired difference')
    .option('--run <dir>', `where finished images are kept (default: ${landmarkFolder}/<model>-<folder>-<hash>)`)
    .option('--resume', 'go on where an earlier run stopped (the default)')
    .option('--fresh', 'discard what an earlier run left')
    .option('--strict', 'exit with 2 where an image cannot be read')
    .option('--out <file>', `the record (default: ${landmarkFolder}/<model>-<data set>-<backend>-<hash>.json)`);
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
${normaliserHelp}

Faces are matched at --iou 0.5 as COCO does. Annotations of 68 or 98 points are held against the five of the detector;
with --detected mesh those of 68 against the 68 of the mesh, and of others the five that can be made of both.
Ctrl-C loses nothing: the same command goes on where it stopped.

Examples:
  retinabench landmarks eval --gt label.txt --images WIDER_val/images --model retinaface-mnet025 --normaliser box
  retinabench landmarks eval --gt helen/ --images helen/ --detected mesh --normaliser outer-corners`,
    )
    .action(lazyAction(async () => (await import('./run-eval.js')).runEval));
}

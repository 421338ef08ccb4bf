import type { Command } from 'commander';
import { addConfigFlag } from '../config/config-flag.js';
import { addDenseHeadFlags } from '../dense/dense-flags.js';
import { addChoiceFlags } from '../detection/choose-images.js';
import { addDetectorFlags, addImageTimeoutFlag, addProtocolFlags, addWorkersFlag } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addQueueFlags } from '../queue/queue-flags.js';
import { addScoreMapFlags } from '../score-map/score-map-flags.js';
import { addOutputFlags, numberBetween } from '../terminal/flags.js';

/** Register `retinabench detect`. */
export function registerDetect(program: Command): void {
  const command = program
    .command('detect')
    .argument('<input...>', 'images, folders, globs or videos; - for an image on standard input');
  addQueueFlags(addDetectorFlags(command));
  addConfigFlag(addChoiceFlags(addProtocolFlags(addImageTimeoutFlag(addWorkersFlag(command)))))
    .option('--min-score <n>', 'show and write faces that score at least this', numberBetween(0, 1), 0.5)
    .option('--coco', 'COCO results on standard output')
    .option('--coco-ids <file>', 'COCO annotations (or a list of images) whose image ids the results carry')
    .option('--csv', 'CSV on standard output')
    .option('--out <file>', 'write the faces there: JSON lines (.jsonl), COCO results (.json) or CSV (.csv)')
    .option('--draw <dir>', 'annotated pictures: boxes, scores, landmarks; several detectors side by side')
    .option('--crop <dir>', 'a PNG of each face')
    .option(
      '--crop-margin <share>',
      'of width and height of the box, added on each side of a crop',
      numberBetween(0, 10),
      0.2,
    )
    .option('--align <dir>', 'a PNG of 112 x 112 of each face, turned upright by its five points')
    .option('--dense', 'the mesh of each face: drawn by --draw, with its numbers and points in JSON')
    .option('--run <dir>', 'where finished images are kept (default: results/detect/<model>-<folder>-<hash>)')
    .option('--resume', 'go on where an earlier run stopped (the default)')
    .option('--fresh', 'discard what an earlier run left');
  addOutputFlags(addScoreMapFlags(addDenseHeadFlags(command)))
    .addHelpText(
      'after',
      `
--model, --backend and --scale take lists joined by commas: every combination is run, and drawn side by side.
Folders are searched with all below them; hidden ones are passed over. Ctrl-C loses nothing: the same command goes on where it
stopped; one image alone leaves nothing behind. Videos are read and drawn with ffmpeg, where it is installed, in one go. With --json, standard output has a line of JSON for each image.
--dense needs a model with the dense head of the paper: the embedded one and retinaface-mnet025 get theirs from this package, another
RetinaFace its own from --dense-head, which implies --dense. A mesh whose landmarks lie far from the detected ones is called
doubtful, and is red.
Exit codes: 0 done; 2 an input that is missing or no image, named while the others are done; 3 environment.

Examples:
  retinabench detect photo.jpg
  retinabench detect photos/ --draw drawn/ --out faces.csv
  retinabench detect photos/ --model retinaface-mnet025,yunet-n --draw compared/
  retinabench detect 'photos/**/*.png' --model retinaface-mnet025 --align faces/ --min-score 0.8
  retinabench detect photos/ --score-map map.json --min-score 0.9 --csv
  retinabench detect group.jpg --dense --draw drawn/
  retinabench detect photos/ --dense --out meshes.jsonl
  retinabench detect - --json < photo.jpg`,
    )
    .action(lazyAction(async () => (await import('./run-detect.js')).runDetect));
}

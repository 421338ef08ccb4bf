import { type Command, Option } from 'commander';
import { addDetectorFlags, addImageTimeoutFlag, addProtocolFlags, addWorkersFlag } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench ijbc folds`. */
export function registerFolds(ijbc: Command): void {
  const command = ijbc
    .command('folds')
    .requiredOption('--pairs <file>', 'pairs.txt of LFW, a .bin of InsightFace, or .csv with the header fold,a,b,same')
    .option(
      '--features <file>',
      '.npy of shape (images, dimensions): of .txt and .bin, rows 2i and 2i + 1 are pair i (default: extracted from the images with --embedder)',
    )
    .option('--features-flip <file>', 'the same of the mirrored images')
    .addOption(
      new Option('--flip <how>', 'feature of the mirrored image (default: add, where it is at hand)').choices([
        'add',
        'none',
      ]),
    )
    .option('--folds <n>', 'folds (default: what the file says, else 10)', wholeNumber(2))
    .option('--far <far>', 'FAR of the TAR', numberBetween(1e-9, 1), 1e-3)
    .option('--against <record>', 'a record of the same pairs: the paired difference, by pair and by fold')
    .option('--force', 'write the record in spite of errors, which then stand among its warnings')
    .option(
      '--out <file>',
      'the record (default: results/ijbc-verification/<name of the features>-<hash of what changes it>.json)',
    );
  command
    .option('--embedder <id>', 'without --features: the model that makes them of the images of the pairs')
    .option('--images <dir>', 'folder of the images that pairs.txt names, person/person_0001.jpg')
    .addOption(
      new Option(
        '--faces <how>',
        'detect and align faces in the images, or take the images as aligned crops (default: aligned of .bin, else detect)',
      ).choices(['detect', 'aligned']),
    )
    .option('--landmarker <id>', 'a 68-point network that finds landmarks in detected boxes')
    .option('--resize-long <px>', 'resize images bilinearly to this longer side first', wholeNumber(16))
    .option('--fresh', 'discard what an earlier extraction left');
  addImageTimeoutFlag(addWorkersFlag(addProtocolFlags(addDetectorFlags(command))));
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
A .bin is a pickle: it is read without running it. With --embedder its images, or those that pairs.txt names, become features here:
faces found by --model and aligned (--faces detect), or crops as they are (--faces aligned), also mirrored; resumable.

Examples:
  retinabench ijbc folds --pairs lfw.bin --features lfw.npy --features-flip lfw-flip.npy
  retinabench ijbc folds --pairs lfw.bin --embedder mobilefacenet-128d
  retinabench ijbc folds --pairs pairs.txt --images lfw --embedder mobilefacenet-128d --model retinaface-mnet025`,
    )
    .action(lazyAction(async () => (await import('./run-folds.js')).runFolds));
}

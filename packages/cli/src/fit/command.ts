import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { addDenseHeadFlags } from '../dense/dense-flags.js';
import { addDetectorFlags } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench fit`. */
export function registerFit(program: Command): void {
  const command = program
    .command('fit')
    .requiredOption('--image <file>', 'photograph')
    .option('--box <x,y,w,h>', 'the face, in pixels (default: the largest face that the detector finds)', numbers(4))
    .option(
      '--landmarks <x,y,...>',
      'ten numbers: left eye, right eye, nose tip, left and right mouth corner, as seen',
      numbers(10),
    )
    .option(
      '--from-head',
      'the mesh of every face, as the dense head gives it in one pass of the network; with --rounds, fitted from there',
    )
    .option(
      '--rounds <n>',
      'rounds of gradient descent, two fifths of them at 64 px and the rest at 128 px (default: 200; 0 with --from-head)',
      wholeNumber(0),
    )
    .option('--out-dir <dir>', 'folder for the results', path.join('results', 'fit'));
  addOutputFlags(addDenseHeadFlags(addDetectorFlags(command)))
    .addHelpText(
      'after',
      `
Writes, by the image's name: the mesh in centimetres with its albedo (.obj), input | render | overlay | wireframe
(-overlay.png), the loss curve (-loss.csv, -loss.png), the 68 points of 300-W on the mesh (.pts), and P_ST, P_cam, P_ill with box, landmarks and losses (.json).
A detector with landmarks (retinaface-mnet025 where it is to be had) gives the start; without one, or without
landmarks, they are guessed from the box, which fits frontal faces only.

With --from-head: the photograph with the shapes over it (-shape.png) and with the renders (-render.png), a mesh for each
face by its number, best score first (-1.obj ...), and one .json with all faces. A mesh whose landmarks lie further than a
tenth of the face from the detected ones is called doubtful, and its shape is red. The network is the embedded default, or a
--model whose card names a dense head, whose head this package has (retinaface-mnet025), or that --dense-head was trained on.

Examples:
  retinabench fit --image face.jpg --box 60,50,130,170 --out-dir results/fit
  retinabench fit --image group.jpg --from-head
  retinabench fit --image group.jpg --from-head --rounds 40`,
    )
    .action(lazyAction(async () => (await import('./run-fit.js')).runFit));
}

/** Parse the value of a flag that takes `count` numbers. */
function numbers(count: number): (value: string) => readonly number[] {
  return (value) => {
    const list = value.split(',').map((item) => (item.trim() === '' ? Number.NaN : Number(item)));
    if (list.length !== count || !list.every((item) => Number.isFinite(item) && Math.abs(item) <= 1e6)) {
      throw new InvalidArgumentError(`expected ${count} numbers, comma-separated.`);
    }
    return list;
  };
}

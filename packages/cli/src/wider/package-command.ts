import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench wider package`. */
export function registerWiderPackage(wider: Command): void {
  const command = wider
    .command('package')
    .requiredOption('--pred <dir>', 'folder of predictions, as wider predict writes them')
    .option('--data <dir>', 'root of the data set whose images the archive must hold, or its name', 'wider-test')
    .option('--list <file>', 'a list of those images instead, <event>/<image> a line: wider_face_test_filelist.txt')
    .option('--out <file>', 'the archive (default: <folder of the predictions>.zip)');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Checks each file (name, number, five finite numbers a line, scores descending) and that no image is missing, then writes a ZIP of
<event>/<image>.txt, which the server of WIDER FACE takes. Nothing is written if anything is wrong.

Example:
  retinabench datasets pull wider-test --accept-licence
  retinabench wider predict --model retinaface-mnet025 --data wider-test --pred test
  retinabench wider package --pred test`,
    )
    .action(lazyAction(async () => (await import('./run-package.js')).runPackage));
}

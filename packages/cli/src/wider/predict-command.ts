import type { Command } from 'commander';
import { addPerturbFlags } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';
import { addDetectionJobFlags } from './detection-job-flags.js';

/** Register `retinabench wider predict`. */
export function registerWiderPredict(wider: Command): void {
  const command = wider
    .command('predict')
    .requiredOption('--pred <dir>', 'folder for the files; a run that was interrupted goes on there');
  addOutputFlags(addPerturbFlags(addDetectionJobFlags(command), false))
    .addHelpText(
      'after',
      `
Writes <event>/<image>.txt: the image's name, the number of detections, "x y w h score" a line, best first. An image
whose worker process dies (memory, a crash in native code) is tried once more, alone, then left out and named; exit code 3,
as for one on which the model fails or takes longer than --image-timeout.

Example:
  retinabench wider predict --model retinaface-mnet025 --data ../shared/datasets/wider --pred predictions/mnet025`,
    )
    .action(lazyAction(async () => (await import('./run-predict.js')).runPredict));
}

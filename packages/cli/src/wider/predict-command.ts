import { openRunFolder } from '@retinabench/eval-wider';
import type { Command } from 'commander';
import { runDetectionJob } from '../detection/detection-job.js';
import { addPerturbFlags } from '../detection/flags.js';
import { decideExit } from '../exit.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { addDetectionJobFlags } from './detection-job-flags.js';
import { type DetectionJobFlags, planWiderDetection } from './detection-plan.js';
import { leavePredictions } from './leave-predictions.js';

interface PredictFlags extends DetectionJobFlags, OutputFlags {
  readonly pred: string;
}

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
    .action(runPredict);
}

async function runPredict(flags: PredictFlags): Promise<void> {
  const output = outputOf(flags);
  const plan = await planWiderDetection(flags);
  const openRun = () => openRunFolder(flags.pred, plan.identity, flags.fresh === true);
  const exitCode = await runDetectionJob(output, flags, plan, openRun, async ({ detected: found, run }) => {
    const { detected, failed, resumed } = found;
    await leavePredictions(run, detected);
    const detections = detected.reduce((sum, image) => sum + image.detections.length / 5, 0);
    printResult(output, `${detected.length} images, ${detections} detections: ${run.folder}`);
    printJson(output, {
      folder: run.folder,
      images: detected.length,
      detections,
      resumed: resumed?.images ?? 0,
      ...(resumed === undefined ? {} : { resumedFrom: resumed.earliest }),
      failed,
    });
  });
  decideExit(exitCode);
}

import { detectionCount } from '@retinabench/backends/runs';
import { openRunFolder } from '@retinabench/eval-wider';
import { runDetectionJob } from '../detection/detection-job.js';
import { decideExit } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { type DetectionJobFlags, planWiderDetection } from './detection-plan.js';
import { leavePredictions } from './leave-predictions.js';

interface PredictFlags extends DetectionJobFlags, OutputFlags {
  readonly pred: string;
}

/** The action of `retinabench wider predict`. */
export async function runPredict(flags: PredictFlags): Promise<void> {
  const output = outputOf(flags);
  const plan = await planWiderDetection(flags);
  const openRun = () => openRunFolder(flags.pred, plan.identity, flags.fresh === true);
  const exitCode = await runDetectionJob(output, flags, plan, openRun, async ({ detected: found, run }) => {
    const { detected, failed, resumed } = found;
    await leavePredictions(run, detected);
    const detections = detected.reduce((sum, image) => sum + detectionCount(image), 0);
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

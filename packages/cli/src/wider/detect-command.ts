import { openRunFolder } from '@retinabench/eval-wider';
import type { Split } from '@retinabench/results';
import type { Command } from 'commander';
import { runDetectionJob } from '../detection/detection-job.js';
import { decideExit } from '../exit.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { addDetectionJobFlags } from './detection-job-flags.js';
import { type DetectionJobFlags, planWiderDetection } from './detection-plan.js';
import {
  addEvaluateFlags,
  type EvaluateFlags,
  evaluateDetected,
  loadAnnotations,
  requireRecordPlace,
} from './evaluate-detected.js';
import { leavePredictions } from './leave-predictions.js';

type DetectFlags = DetectionJobFlags & EvaluateFlags & OutputFlags;

/** Gives the function that registers `retinabench wider easy`, `medium`, `hard` or `all`. */
export function widerDetect(verb: Split | 'all'): (wider: Command) => void {
  const split = verb === 'all' ? undefined : verb;
  return (wider) => {
    const command = wider.command(verb);
    addOutputFlags(addEvaluateFlags(addDetectionJobFlags(command)))
      .addHelpText(
        'after',
        `
Ctrl-C loses nothing: the same command goes on where it stopped. An image whose worker process dies (memory, a crash in
native code) is tried once more, alone, then named. It counts as an image without detections, as one on which the model
fails or takes longer than --image-timeout; the exit code is then not 0. Exit codes: 0 scored; 2 invalid input, a model
that does not fit its card; 3 environment, or images on which the model, its worker or its time failed.

Examples:
  retinabench wider ${verb}
  retinabench wider ${verb} --model retinaface-mnet025 --data ../shared/datasets/wider --scale vga --workers 2`,
      )
      .action((flags: DetectFlags) => runDetect(flags, split));
  };
}

async function runDetect(flags: DetectFlags, split: Split | undefined): Promise<void> {
  const output = outputOf(flags);
  await requireRecordPlace(flags);
  const plan = await planWiderDetection(flags);
  const { card, sizeBytes } = plan.model;
  // What is missing is better said now than in an hour.
  const annotated = loadAnnotations(flags, plan.set.root);
  const openRun = () => openRunFolder(plan.defaultFolder, plan.identity, flags.fresh === true);
  const exitCode = await runDetectionJob(output, flags, plan, openRun, async ({ detected: found, run, warnings }) => {
    await leavePredictions(run, found.detected);
    const detected = {
      images: found.detected,
      failed: found.failed,
      annotated,
      dataset: { name: plan.set.name, notes: plan.set.notes },
      identity: plan.identity,
      ...(found.resumed === undefined ? {} : { resumed: found.resumed }),
      model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
      backend: { ...plan.identity.backend, threads: flags.threads },
      settings: plan.identity.settings,
      warnings,
    };
    await evaluateDetected(output, flags, detected, split);
  });
  decideExit(exitCode);
}

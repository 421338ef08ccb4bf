import type { ResolvedDataset } from '@retinabench/datasets';
import type { WiderGroundTruth } from '@retinabench/eval-wider';
import type { Split } from '@retinabench/results';
import type { Command } from 'commander';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { type DetectionJobFlags, runDetectionJob } from './detection-job.js';
import { addDetectionJobFlags } from './detection-job-flags.js';
import {
  addEvaluateFlags,
  type EvaluateFlags,
  evaluateDetected,
  loadAnnotations,
  requireRecordPlace,
} from './evaluate-detected.js';

type DetectFlags = DetectionJobFlags & EvaluateFlags & OutputFlags;

const verbs = ['easy', 'medium', 'hard', 'all'] as const;

/** Register `retinabench wider easy`, `medium`, `hard` and `all`. */
export function registerWiderDetect(wider: Command): void {
  for (const verb of verbs) {
    const split = verb === 'all' ? undefined : verb;
    const command = wider
      .command(verb)
      .description(
        split === undefined
          ? 'detect on the data set, and print the AP of all three splits'
          : `detect on the data set, and print the AP of the ${split} split (the record holds all three)`,
      );
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
  }
}

async function runDetect(flags: DetectFlags, split: Split | undefined): Promise<void> {
  const output = outputOf(flags);
  await requireRecordPlace(flags);
  const begin = ({ root }: ResolvedDataset): WiderGroundTruth => loadAnnotations(flags, root);
  await runDetectionJob(output, flags, undefined, begin, async (job, annotated) => {
    const { card, bytes } = job.model;
    const detected = {
      images: job.predictions.detected,
      failed: job.predictions.failed,
      annotated,
      dataset: { name: job.dataset.name, notes: job.notes },
      identity: job.identity,
      ...(job.predictions.resumed === undefined ? {} : { resumed: job.predictions.resumed }),
      model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes },
      backend: job.backend,
      settings: job.settings,
      warnings: job.warnings,
    };
    await evaluateDetected(output, flags, detected, split);
  });
}

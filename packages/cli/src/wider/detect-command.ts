import type { Split } from '@retinabench/results';
import type { Command } from 'commander';
import { addPerturbFlags } from '../detection/flags.js';
import { addOutputFlags, type OutputFlags } from '../terminal/flags.js';
import { addDetectionJobFlags } from './detection-job-flags.js';
import type { DetectionJobFlags } from './detection-plan.js';
import { addEvaluateFlags, type EvaluateFlags } from './evaluate-flags.js';

export type DetectFlags = DetectionJobFlags & EvaluateFlags & OutputFlags & { readonly report?: string };

/** Gives the function that registers `retinabench wider easy`, `medium`, `hard` or `all`. */
export function widerDetect(verb: Split | 'all'): (wider: Command) => void {
  const split = verb === 'all' ? undefined : verb;
  return (wider) => {
    const command = wider.command(verb);
    addOutputFlags(addEvaluateFlags(addPerturbFlags(addDetectionJobFlags(command), true)))
      .option('--report <file>', 'also write the page that compares the records (retinabench report)')
      .addHelpText(
        'after',
        `
Ctrl-C loses nothing: the same command goes on where it stopped. An image whose worker process dies (memory, a crash in
native code) is tried once more, alone, then named. It counts as an image without detections, as one on which the model
fails or takes longer than --image-timeout; the exit code is then not 0. Exit codes: 0 scored; 2 invalid input, a model
that does not fit its card; 3 environment, or images on which the model, its worker or its time failed.

--model, --backend and --scale take lists joined by commas: every combination is detected and scored, each with its record, and
one table compares them with the first. With --perturb each is also run on the images as they are, and compared with that run. --out is then the record of the table. One that fails loses no other. The prediction
files of each lie in its run folder, for wider score --pred and report --pred.

Examples:
  retinabench wider ${verb}
  retinabench wider ${verb} --perturb blur:2,jpeg:30,dark:0.4+noise:10
  retinabench wider ${verb} --scale long:320,640,original --report results/sizes.html
  retinabench wider ${verb} --model retinaface-mnet025 --data ../shared/datasets/wider --scale vga --workers 2`,
      )
      .action(async (flags: DetectFlags) => (await import('./run-detect.js')).runDetect(flags, split));
  };
}

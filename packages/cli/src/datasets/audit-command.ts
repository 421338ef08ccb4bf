import type { Command } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';

const help = `
--gt and --pred take any form that retinabench score takes; the flags --pred-... hold for every set of predictions. Images that a set of
predictions lacks are left out. Three kinds are listed:

  unannotated   a place where --models of the detectors are sure of a face and none is annotated
  never-found   an annotated face that no detector finds at any score, large ones first
  repeated      a face that is annotated twice

A detector is sure where at least --sure of its detections of such a score find an annotated face, so that scores of different
detectors need no common unit. What is listed is for a person to look at: hard faces are among it, too.

Examples:
  retinabench datasets audit --gt ground_truth --pred predictions/mnet025 --pred predictions/yunet
  retinabench datasets audit --gt faces.json --pred a.json --pred b.json --images photos --draw suspect --out suspect.json

Exit codes: 0 listed; 2 invalid input; 3 environment.
`;

/** Register `retinabench datasets audit`. */
export function registerDatasetsAudit(datasets: Command): void {
  const command = datasets
    .command('audit')
    .description('annotations that several detectors contradict: ranked, drawn, and as COCO for annotating again')
    .option('--gt <path>', 'annotations: a file or folder of a known form')
    .option('--pred <path>', 'predictions of one detector; again for more', (value: string, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--images <dir>', 'folder of the images, for --draw (default: that of the annotations)')
    .option('--draw <dir>', 'draw those that are listed: a picture each, suspect box red, annotated faces green')
    .option('--out <file>', 'all of them as COCO annotations, a category for each kind')
    .option('--top <n>', 'how many of each kind are listed and drawn', wholeNumber(1), 20)
    .option('--sure <share>', 'from which share of right detections a detector is sure', numberBetween(0.01, 1), 0.8)
    .option('--models <n>', 'how many detectors have to be sure (default: all)', wholeNumber(1))
    .option('--repeated <iou>', 'IoU from which two annotated faces are one', numberBetween(0.5, 1), 0.8);
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(command)
    .addHelpText('after', help)
    .action(lazyAction(async () => (await import('./run-audit.js')).runAudit));
}

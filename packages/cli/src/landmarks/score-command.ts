import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';
import { landmarkFolder } from './landmark-folder.js';
import { addMetricFlags, normaliserHelp } from './metric-flags.js';
import { addColumnFlags, addSideFlags } from './source-flags.js';

/** Register `retinabench landmarks score`. */
export function registerLandmarkScore(landmarks: Command): void {
  const command = landmarks
    .command('score')
    .option(
      '--gt <path>',
      'annotated points: .pts or a folder of them, a list of WFLW, AFLW, MTFL, CelebA, COCO, .npy ...',
    )
    .option('--pred <path>', 'predicted points, of the same or another format');
  addColumnFlags(addSideFlags(addSideFlags(command, 'gt'), 'pred'));
  addMetricFlags(command)
    .option('--against <record>', 'a record of the same faces: the paired difference')
    .option(
      '--out <file>',
      `the record (default: ${landmarkFolder}/<name of the predictions>-<hash of all conditions>.json)`,
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
${normaliserHelp}

The landmarks are diagnosed first; what makes the number meaningless ends with exit code 2 and names what corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench landmarks score --gt 300W/ibug --pred mine/ibug --normaliser outer-corners
  retinabench landmarks score --gt points.npy --pred mine.npy --normaliser points-box --gt-column yaw=yaw.npy --bins yaw
  retinabench landmarks score --gt label.txt --pred detections.jsonl --normaliser box --threshold 0.1`,
    )
    .action(lazyAction(async () => (await import('./run-score.js')).runScore));
}

import type { Command } from 'commander';
import { addAnalysisFlags } from '../analysis/analysis-flags.js';
import { addFaceFlags } from '../annotated/face-flags.js';
import { addMetricFlags } from '../annotated/metric-flags.js';
import { addMissingFlag } from '../annotated/missing-flag.js';
import { addOnlyFlag } from '../annotated/only-flag.js';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addScoreMapFlags } from '../score-map/score-map-flags.js';
import { addOutputFlags } from '../terminal/flags.js';
import { addCorrectionFlags } from '../wider/prediction-flags.js';

/** Register `retinabench score`. */
export function registerScore(program: Command): void {
  const command = program
    .command('score')
    .description('AP, F1 and miss rate of predictions of any form against annotations of any form')
    .option('--gt <path>', 'annotations: a file or folder of a known form')
    .option('--pred <path>', 'predictions: a file or folder of a known form');
  addAnalysisFlags(addFaceFlags(addMetricFlags(addMissingFlag(addOnlyFlag(command)))))
    .option('--no-interval', 'leave out the 95 % intervals')
    .option('--force', 'score even where the diagnosis finds an error')
    .option(
      '--out <file>',
      'the record (default: results/detection/<name of the predictions>-<hash of all conditions>.json)',
    );
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(addScoreMapFlags(addCorrectionFlags(command)))
    .addHelpText(
      'after',
      `
Predictions are diagnosed first; what makes the numbers meaningless ends with exit code 2 and names the flag that corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench score --gt ground-truth.json --pred predictions.json
  retinabench score --gt labels.csv --pred detections.csv --ignored count --metric coco,f1
  retinabench score --gt ground-truth.json --pred predictions.json --tide --calibration --want precision=0.95
  retinabench score --gt ground-truth.json --pred predictions.json --calibration --score-map map.json
  retinabench score --gt ground-truth.json --pred predictions.json --only images.txt
  retinabench score --gt VOCdevkit/Annotations --pred results.json --difficult crowd --by occlusion`,
    )
    .action(lazyAction(async () => (await import('./run-score.js')).runScore));
}

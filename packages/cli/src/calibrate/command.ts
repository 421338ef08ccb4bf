import type { ScoreMapKind } from '@retinabench/eval-detection';
import { scoreMapKinds } from '@retinabench/eval-detection/settings';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addBinFlags, type BinFlags } from '../analysis/analysis-flags.js';
import { addFaceFlags, type FaceFlags } from '../annotated/face-flags.js';
import { addMissingFlag } from '../annotated/missing-flag.js';
import type { ScoredFlags } from '../annotated/read-scored.js';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween, type OutputFlags, wholeNumber } from '../terminal/flags.js';
import { addCorrectionFlags } from '../wider/prediction-flags.js';

/** The flags of `retinabench calibrate`. */
export interface CalibrateFlags extends OutputFlags, ScoredFlags, FaceFlags, BinFlags {
  readonly gt?: string;
  readonly pred?: string;
  readonly kind: ScoreMapKind;
  readonly share: number;
  readonly seed: number;
  readonly iou: number;
  readonly model?: string;
  readonly force?: boolean;
  readonly out?: string;
}

/** Register `retinabench calibrate`. */
export function registerCalibrate(program: Command): void {
  const command = program
    .command('calibrate')
    .option('--gt <path>', 'annotations: a file or folder of a known form')
    .option('--pred <path>', 'predictions: a file or folder of a known form, or the folder of a run')
    .addOption(
      new Option(
        '--kind <map>',
        'temperature: one number, keeps the order of the detections; isotonic: steps, which join scores to ties',
      )
        .choices(scoreMapKinds)
        .default('temperature'),
    )
    .option(
      '--share <share>',
      'of the images that the map is fitted on; it is measured on the others',
      shareOfImages,
      0.5,
    )
    .option('--seed <n>', 'of the draw of these images', wholeNumber(0), 0)
    .option('--iou <n>', 'IoU from which a detection is right', numberBetween(0.01, 1), 0.5)
    .option('--model <name>', 'whose scores they are, where the predictions are not the folder of a run');
  addBinFlags(addFaceFlags(addMissingFlag(command)))
    .option('--force', 'fit even where the diagnosis finds an error')
    .option('--out <file>', 'the map (default: results/score-maps/<name of the predictions>-<kind>.json)');
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(addCorrectionFlags(command))
    .addHelpText(
      'after',
      `
What is measured is the map that is written, on images that it was not fitted on. Other verbs apply it with --score-map; they refuse
the scores of another model, and say where the images are those of the fit.
Exit codes: 0 fitted; 2 invalid input; 3 environment.

Examples:
  retinabench calibrate --gt ground-truth.json --pred predictions.json --out map.json
  retinabench calibrate --gt labels.csv --pred results/detect/yunet-n-photos-0123abcd --kind isotonic
  retinabench score --gt other.json --pred other-predictions.json --calibration --score-map map.json`,
    )
    .action(lazyAction(async () => (await import('./run-calibrate.js')).runCalibrate));
}

function shareOfImages(value: string): number {
  const share = Number(value);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('expected a share above 0 and below 1.');
  return share;
}

import type { BoxForm } from '@retinabench/annotations';
import { boxForms } from '@retinabench/annotations/settings';
import { type Command, Option } from 'commander';
import type { ColumnFlags } from './columns.js';
import { sourceFormats } from './source-formats.js';

/** The annotated landmarks that a command reads. */
export interface TruthFlags extends ColumnFlags {
  readonly gtFormat?: string;
  readonly gtFirstPixel?: '0' | '1';
  readonly gtBoxes?: BoxForm;
}

/** The predicted ones. */
export interface PredictionSourceFlags {
  readonly predFormat?: string;
  readonly predFirstPixel?: '0' | '1';
  readonly predBoxes?: BoxForm;
}

/** Add the flags of a side: how its files are read. */
export function addSideFlags(command: Command, side: 'gt' | 'pred'): Command {
  return command
    .addOption(new Option(`--${side}-format <name>`, 'its format (default: recognised)').choices(sourceFormats[side]))
    .addOption(
      new Option(
        `--${side}-first-pixel <n>`,
        'what its points count the first pixel as (default: 1 of .pts, else 0)',
      ).choices(['0', '1']),
    )
    .addOption(
      new Option(`--${side}-boxes <form>`, 'what the four numbers of a box are, where the file does not say').choices(
        boxForms,
      ),
    );
}

/** Add the flags of files beside an array of annotated points. */
export function addColumnFlags(command: Command): Command {
  return command
    .option('--gt-boxes-file <file>', '.npy of shape (faces, 4): boxes of annotated rows, of the form --gt-boxes')
    .option('--gt-hidden <file>', '.npy of shape (faces, points): 1 for a hidden point')
    .option(
      '--gt-column <name=file>',
      '.npy of a number for each annotated row, such as yaw=yaw.npy; may be given several times',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    );
}

import type {
  BoxFrame,
  BoxLayout,
  BoxShift,
  FieldColumns,
  FileShift,
  HeaderLines,
  MirroredAxes,
  ScoreFormat,
} from '@retinabench/eval-wider';
import {
  boxLayouts,
  headerLines,
  mirroredAxes,
  parseBoxFrame,
  parseFileShift,
  scoreFormats,
} from '@retinabench/eval-wider/settings';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** How prediction files are read, where they are not as the layout asks for; no part of the protocol. */
export interface PredictionFlags {
  readonly header?: HeaderLines;
  readonly columns?: FieldColumns;
  readonly boxes: BoxLayout;
  readonly boxScale: number;
  readonly boxFrame?: BoxFrame;
  readonly boxShift?: BoxShift;
  readonly mirrored: MirroredAxes;
  readonly scores: ScoreFormat;
  readonly fileShift?: FileShift;
  readonly dropDuplicates?: boolean;
}

/** Add the flags of `PredictionFlags`. */
export function addPredictionFlags(command: Command): Command {
  command
    .addOption(
      new Option('--header <lines>', 'the lines before the detections of a file (default: name,count)').choices(
        headerLines,
      ),
    )
    .option(
      '--columns <fields>',
      'the fields of a line that are the four numbers of the box and the score, counted from 1 (default: 1,2,3,4,5)',
      fieldColumns,
    );
  return addCorrectionFlags(command);
}

/** Add those of them that correct detections once they are read, whatever the form of their files. */
export function addCorrectionFlags(command: Command): Command {
  return command
    .addOption(new Option('--boxes <layout>', 'what the four numbers of a box are').choices(boxLayouts).default('xywh'))
    .option('--box-scale <factor>', 'factor from the boxes to pixels of the original image', positive, 1)
    .option(
      '--box-frame <frame>',
      'what the boxes are relative to: normalised, stretch:640x480, letterbox:640, corner:640, short:800,1333 ... (default: the original image; docs/wider-protocol.md lists all)',
      parsedBy(parseBoxFrame),
    )
    .option('--box-shift <x,y>', 'pixels of the original image that are added to x and y', shift)
    .addOption(
      new Option('--mirrored <axes>', 'axes along which the boxes are mirrored').choices(mirroredAxes).default('none'),
    )
    .addOption(new Option('--scores <format>', 'what the fifth number is').choices(scoreFormats).default('probability'))
    .option(
      '--file-shift <n>',
      'each file holds the detections of the image n further on, in the order of names; n@EVENT: within that event',
      parsedBy(parseFileShift),
    )
    .option('--drop-duplicates', 'take detections once that stand twice, with the same box and score');
}

/** Five different fields, counted from 1; from 0 in what it gives. */
function fieldColumns(value: string): FieldColumns {
  const columns = value.split(',').map((field) => Number(field) - 1);
  const isField = (column: number): boolean => Number.isInteger(column) && column >= 0 && column < 100;
  if (columns.length !== 5 || !columns.every(isField) || new Set(columns).size !== 5) {
    throw new InvalidArgumentError('expected five different fields, counted from 1: 1,2,3,4,5.');
  }
  const [x, y, w, h, score] = columns;
  return [x, y, w, h, score];
}

function shift(value: string): BoxShift {
  const [x, y, ...more] = value.split(',').map(Number);
  if (more.length > 0 || !Number.isFinite(x) || !Number.isFinite(y)) {
    throw new InvalidArgumentError('expected two numbers: -16,-16.');
  }
  return { x, y };
}

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('expected a number above 0.');
  return number;
}

/** A parser of a flag from one that throws typed errors. */
function parsedBy<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`);
    }
  };
}

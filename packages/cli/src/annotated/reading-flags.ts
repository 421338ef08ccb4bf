import type { ReadingSettings } from '@retinabench/annotations';
import {
  annotationFormats,
  boxForms,
  boxUnits,
  cornerRules,
  predictionFormats,
} from '@retinabench/annotations/settings';
import { type Command, Option } from 'commander';

/** Which of two inputs a flag is about; it begins with it. `in`: the only input, whose flags have no prefix. */
export type ReadingSide = 'gt' | 'pred' | 'in';

/**
 * Add the flags that say how annotations (`--gt-format` ...) or predictions (`--pred-format` ...) are read, where their
 * files do not say it themselves.
 */
export function addReadingFlags(command: Command, side: ReadingSide): Command {
  const what = { gt: 'the annotations', pred: 'the predictions', in: 'what is read' }[side];
  const prefix = side === 'in' ? '' : `${side}-`;
  const formats = {
    gt: annotationFormats,
    pred: predictionFormats,
    in: [...new Set([...annotationFormats, ...predictionFormats])],
  }[side];
  const add = (name: string, description: string, choices?: readonly string[]): void => {
    const option = new Option(`--${prefix}${name}`, `${what}: ${description}`);
    command.addOption(choices === undefined ? option : option.choices(choices));
  };
  add(
    side === 'in' ? 'from <form>' : 'format <form>',
    side === 'in' ? 'its form (default: recognised)' : 'their form (default: recognised)',
    formats,
  );
  add('category <name>', 'the class that is a face, where there are several');
  add('boxes <form>', 'what the four numbers of a box are, where the file does not say', boxForms);
  add('units <units>', 'what boxes are counted in, where the file does not say', boxUnits);
  add('corners <rule>', 'how corners are counted, where the file does not say', cornerRules);
  add('columns <names>', 'names of the columns of a CSV file without header');
  add('sizes <file>', 'CSV file with the sizes of the images, for forms that lack them');
  add('images <dir>', 'folder of the images, for names and sizes');
  add('split <part>', 'train, val or test, of a data set that has several');
  add('keypoints <form>', 'points of a line of YOLO: 5x3 or 5x2');
  add('names <which>', 'which name holds where a file and its content disagree', ['file', 'content']);
  add('negative-sizes <how>', 'what to do with boxes of negative width or height', ['refuse', 'keep']);
  return command;
}

const settings = [
  'category',
  'boxes',
  'units',
  'corners',
  'columns',
  'sizes',
  'images',
  'split',
  'keypoints',
  'names',
  'negativeSizes',
] as const satisfies readonly (keyof ReadingSettings)[];

/** The settings that the flags of one side give, with the form that was asked for. */
export function readingSettings<Format extends string>(
  flags: Readonly<Record<string, unknown>>,
  side: ReadingSide,
): ReadingSettings & { readonly format?: Format } {
  const given = ['format', ...settings].flatMap((name) => {
    const own = side === 'in' ? (name === 'format' ? 'from' : name) : side + name[0].toUpperCase() + name.slice(1);
    const value = flags[own];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(given) as ReadingSettings & { readonly format?: Format };
}

import {
  annotationFormats,
  describeLosses,
  describeRecognised,
  predictionFormats,
  writeSet,
} from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { type Conversion, type ConversionFlags, convert, type OnRead } from './conversion.js';

interface ConvertFlags extends OutputFlags, ConversionFlags {
  readonly out: string;
  readonly strict?: boolean;
}

const formats: readonly string[] = [...new Set<string>([...annotationFormats, ...predictionFormats])];

const help = `
Annotations: ${annotationFormats.join(', ')}. Predictions: ${predictionFormats.join(', ')}.
IN may also be WIDER FACE's .mat files, or a run folder of this program. docs/annotations.md says what each form holds.
What the target cannot hold is counted before anything is written; --strict refuses it. PATH must not exist yet.

Examples:
  retinabench datasets convert ground-truth.json --to yolo --out yolo
  retinabench datasets convert VOCdevkit/VOC2012 --to coco --out faces.json --split val
  retinabench datasets convert labels --images photos --to csv --out faces.csv --strict
  retinabench datasets convert predictions.json --gt ground-truth.json --to wider --out predictions

Exit codes: 0 written; 2 invalid input, or losses with --strict; 3 environment.
`;

/** Register `retinabench datasets convert`. */
export function registerDatasetsConvert(datasets: Command): void {
  const command = datasets
    .command('convert')
    .argument('<in>', 'annotations or predictions: a file or folder')
    .description('annotations or predictions in another form, and what that form cannot hold')
    .addOption(new Option('--to <form>', 'the form to write').choices(formats).makeOptionMandatory())
    .requiredOption('--out <path>', 'the new file or folder')
    .addOption(
      new Option('--kind <kind>', 'what is read, where its form does not say it').choices([
        'annotations',
        'predictions',
      ]),
    )
    .option('--gt <path>', 'of predictions: the annotations that they belong to, for names, ids and sizes of images')
    .option('--strict', 'write nothing if the form cannot hold everything');
  addReadingFlags(addReadingFlags(command, 'in'), 'gt');
  addOutputFlags(command)
    .addHelpText('after', help)
    .action(async (location: string, flags: ConvertFlags) => {
      const output = outputOf(flags);
      const progress = readingProgress(output);
      const conversion = convert(location, flags, command.opts<Record<string, unknown>>(), progress.onRead);
      progress.stop();
      const { written } = conversion;
      if (!output.quiet) sayRead(conversion);
      if (written.losses.length > 0) {
        const lost = `${flags.to} does not hold ${describeLosses(written.losses)}`;
        if (flags.strict === true) {
          throw new DatasetError(
            `${location}: ${lost}; nothing was written: choose another form, or leave --strict out`,
          );
        }
        printNote(`warning: ${lost}`);
      }
      const counts = await interruptible(
        () => 'nothing was written',
        (signal) => writeSet(written, flags.out, signal),
      );
      report(output, conversion, flags, counts.files, counts.bytes);
    });
}

/** A bar that appears with the first part that is read. */
function readingProgress(output: Output): { readonly onRead: OnRead; stop(): void } {
  let bar: Progress | undefined;
  return {
    onRead: (done, total) => {
      const inMegabytes = total > 1e6;
      const scale = inMegabytes ? 1e6 : 1;
      bar ??= startProgress(output, Math.ceil(total / scale), inMegabytes ? 'MB' : 'parts');
      bar.update(Math.floor(done / scale));
    },
    stop: () => bar?.stop(),
  };
}

function sayRead({ side, read, images, rows }: Conversion): void {
  printNote(`${side}: ${describeRecognised(read, images, rows, side === 'annotations' ? 'faces' : 'detections')}`);
  for (const note of read.notes) printNote(`${side}: ${note}`);
}

function report(output: Output, conversion: Conversion, { to, out }: ConvertFlags, files: number, bytes: number): void {
  const { side, read, images, rows, written } = conversion;
  const things = side === 'annotations' ? 'faces' : 'detections';
  printResult(
    output,
    `${out}: ${to}, ${formatCount(images)} images, ${formatCount(rows)} ${things}, ${written.kind === 'file' ? 'one file' : `${formatCount(files)} files`}`,
  );
  printJson(output, {
    kind: side,
    from: read.format,
    location: read.location,
    settings: read.settings,
    notes: read.notes,
    to,
    out,
    images,
    [things]: rows,
    files,
    bytes,
    losses: written.losses,
  });
}

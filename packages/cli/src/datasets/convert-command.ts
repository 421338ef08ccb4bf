import {
  type AnnotationFormat,
  annotationFormats,
  describeLosses,
  describeRecognised,
  type FlagOf,
  firstOf,
  type Loss,
  matchImages,
  type PredictionFormat,
  type Predictions,
  predictionFormats,
  recogniseSide,
  type Side,
  sizesOfAnnotations,
  sizesOfSettings,
  type WrittenSet,
  writeAnnotations,
  writePredictions,
  writeSet,
} from '@retinabench/annotations';
import { DatasetError, ProtocolError } from '@retinabench/core';
import { formatCount } from '@retinabench/results';
import { type Command, Option } from 'commander';
import {
  type AnyAnnotations,
  type AnyPredictions,
  isOfficial,
  loadAnyAnnotations,
  loadAnyPredictions,
} from '../annotated/load-any.js';
import { readRun } from '../annotated/read-run.js';
import { addReadingFlags, readingSettings } from '../annotated/reading-flags.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';

type Format = AnnotationFormat | PredictionFormat;

interface ConvertFlags extends OutputFlags {
  readonly to: Format;
  readonly out: string;
  readonly kind?: Side;
  readonly gt?: string;
  readonly strict?: boolean;
}

/** What was read, and what it becomes. */
interface Conversion {
  readonly side: Side;
  readonly read: AnyAnnotations | AnyPredictions;
  readonly images: number;
  readonly rows: number;
  readonly written: WrittenSet;
}

const formats: readonly Format[] = [...new Set<Format>([...annotationFormats, ...predictionFormats])];

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
  addReadingFlags(command, 'in');
  addOutputFlags(command)
    .addHelpText('after', help)
    .action(async (location: string, flags: ConvertFlags) => {
      const output = outputOf(flags);
      const conversion = convert(location, flags, command.opts<Record<string, unknown>>());
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

function convert(location: string, flags: ConvertFlags, given: Readonly<Record<string, unknown>>): Conversion {
  const { to } = flags;
  const side = sideOf(location, flags, given.from);
  const isAnnotationForm = (form: Format): form is AnnotationFormat => annotationFormats.some((name) => name === form);
  const isPredictionForm = (form: Format): form is PredictionFormat => predictionFormats.some((name) => name === form);
  if (side === 'annotations' && isAnnotationForm(to)) return convertAnnotations(location, to, given);
  if (side === 'predictions' && isPredictionForm(to)) return convertPredictions(location, to, flags.gt, given);
  const forms = side === 'annotations' ? annotationFormats : predictionFormats;
  throw new ProtocolError(
    `--to ${to}: expected a form of ${side}, which ${location} holds: ${forms.join(', ')}; choose one, or say with --kind what it holds`,
  );
}

/** Whether annotations or predictions are read: as told, or as the forms or the content say. */
function sideOf(location: string, { kind, to }: ConvertFlags, from: unknown): Side {
  const told = kind ?? sideOfForm(from);
  if (told !== undefined) return told;
  if (from === undefined && isOfficial(location)) return 'annotations';
  if (from === undefined && readRun(location) !== undefined) return 'predictions';
  const found = recogniseSide(location) ?? sideOfForm(to);
  if (found !== undefined) return found;
  throw new DatasetError(
    `${location}: expected annotations or predictions in a known form, got something that is not clearly one of them; say which with --kind annotations or --kind predictions, and its form with --from`,
  );
}

/** The side of a form that is one of annotations alone, or of predictions alone. */
function sideOfForm(form: unknown): Side | undefined {
  const isAnnotated = annotationFormats.some((name) => name === form);
  const isPredicted = predictionFormats.some((name) => name === form);
  if (isAnnotated === isPredicted) return undefined;
  return isAnnotated ? 'annotations' : 'predictions';
}

/** Flags of the one input have no prefix. */
const flagOf: FlagOf = (setting) =>
  setting === 'format' ? '--from' : setting === 'negativeSizes' ? '--negative-sizes' : `--${setting}`;

function convertAnnotations(
  location: string,
  to: AnnotationFormat,
  given: Readonly<Record<string, unknown>>,
): Conversion {
  const settings = readingSettings<AnnotationFormat>(given, 'in');
  const read = loadAnyAnnotations(location, { ...settings, flag: flagOf });
  const { annotations } = read;
  const written = writeAnnotations(annotations, to, firstOf(sizesOfSettings(settings)));
  return {
    side: 'annotations',
    read,
    images: annotations.images.length,
    rows: annotations.boxesXywh.length / 4,
    written,
  };
}

function convertPredictions(
  location: string,
  to: PredictionFormat,
  gt: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Conversion {
  const settings = readingSettings<PredictionFormat>(given, 'in');
  const truth = gt === undefined ? undefined : loadAnyAnnotations(gt);
  const read = loadAnyPredictions(location, { ...settings, annotations: truth, flag: flagOf });
  const { predictions } = read;
  const { named, idOf, unknown } = withNames(predictions, truth, to);
  const sizes = firstOf([
    ...sizesOfSettings(settings),
    ...(truth === undefined ? [] : [sizesOfAnnotations(truth.annotations)]),
  ]);
  const written = writePredictions(named, to, { sizes, ...(idOf === undefined ? {} : { idOf }) });
  const losses: Loss[] = [...written.losses, ...unknown];
  return {
    side: 'predictions',
    read,
    images: named.images.length,
    rows: named.scores.length,
    written: { ...written, losses },
  };
}

/** Predictions with the names of the annotated images, and the ids of those, where there are annotations. */
function withNames(
  predictions: Predictions,
  truth: AnyAnnotations | undefined,
  to: PredictionFormat,
): { named: Predictions; idOf?: (image: string) => number | string; unknown: Loss[] } {
  if (truth === undefined) {
    if (predictions.namedBy !== 'id' || to === 'coco-results') return { named: predictions, unknown: [] };
    throw new DatasetError(
      `expected names of images, got ids such as ${predictions.images.slice(0, 3).join(', ')}; pass the annotations that have these ids with --gt PATH`,
    );
  }
  const { images, ids } = truth.annotations;
  const { predictionOf, unknown } = matchImages(truth.annotations, predictions);
  if (predictions.namedBy === 'id' && unknown.length > 0) {
    throw new DatasetError(
      `expected ids of annotated images, got ${unknown.length} others such as ${unknown.slice(0, 3).join(', ')}; choose the annotations that they belong to with --gt PATH`,
    );
  }
  const names = [...predictions.images];
  images.forEach((name, image) => {
    if (predictionOf[image] >= 0) names[predictionOf[image]] = name;
  });
  const { namedBy: _, ...columns } = predictions;
  const places = new Map(images.map((name, image) => [name, image]));
  const idOf = (name: string): number | string => ids?.[places.get(name) ?? -1] ?? name;
  return { named: { ...columns, images: names }, ...(ids === undefined ? {} : { idOf }), unknown: [] };
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

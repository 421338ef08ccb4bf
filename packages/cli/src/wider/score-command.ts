import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  convertPredictions,
  defaultAtScore,
  diagnose,
  evaluateWider,
  type FieldColumns,
  type HeaderLines,
  headerLines,
  loadGroundTruth,
  type RuleSet,
  readPredictions,
  restrictPredictions,
  ruleSets,
  type ScoreFormat,
  scoreFormats,
  scoringProtocol,
  type WiderGroundTruth,
  type WiderPredictions,
  warnOfFewImages,
} from '@retinabench/eval-wider';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { describeImages, locateGroundTruth, selectImages } from './evaluated-images.js';
import { formatEvaluation } from './evaluation-table.js';
import { addIntervalFlags, type IntervalFlags, noteFlagsWithoutEffect } from './interval-flags.js';
import { reportDiagnoses } from './report-diagnoses.js';

const recordFolder = path.join('results', 'wider');

interface ScoreFlags extends OutputFlags, IntervalFlags {
  readonly pred?: string;
  readonly gt?: string;
  readonly rules: RuleSet;
  readonly order?: 'strict' | 'any';
  readonly data?: string;
  readonly images?: string;
  readonly header?: HeaderLines;
  readonly columns?: FieldColumns;
  readonly boxes: 'xywh' | 'xyxy';
  readonly boxScale: number;
  readonly scores: ScoreFormat;
  readonly atScore: number;
  readonly force?: boolean;
  readonly out?: string;
}

/** Register `retinabench wider score`. */
export function registerScore(wider: Command): void {
  const command = wider
    .command('score')
    .description('AP of a folder of predictions made by anything: <event>/<image>.txt with "x y w h score" lines')
    .option('--pred <dir>', 'folder of predictions')
    .option('--gt <dir>', 'folder of the ground truth (.mat files or wider_face_val.json)')
    .option('--data <dir>', 'data set root, in the absence of --gt: its ground_truth, for the images that it has')
    .addOption(new Option('--rules <set>', 'whose evaluator is reproduced').choices(ruleSets).default('python'))
    .addOption(
      new Option(
        '--order <rule>',
        'strict: files must be sorted by score; any: sort them (default: strict; any for matlab)',
      ).choices(['strict', 'any']),
    )
    .option(
      '--images <which>',
      'all, present (those with a prediction file) or a file with a list of images (default: all; those that it has with --data)',
    )
    .addOption(
      new Option('--header <lines>', 'the lines before the detections of a file (default: name,count)').choices(
        headerLines,
      ),
    )
    .option(
      '--columns <fields>',
      'the fields of a line that are the four numbers of the box and the score, counted from 1 (default: 1,2,3,4,5)',
      fieldColumns,
    )
    .addOption(
      new Option('--boxes <format>', 'what the four numbers of a box are').choices(['xywh', 'xyxy']).default('xywh'),
    )
    .option('--box-scale <factor>', 'factor from the boxes to pixels of the original image', positive, 1)
    .addOption(new Option('--scores <format>', 'what the fifth number is').choices(scoreFormats).default('probability'))
    .option('--at-score <score>', 'where misses and false positives are counted', numberBetween(0, 1), defaultAtScore)
    .option('--force', 'score in spite of what the diagnosis calls an error')
    .option('--out <file>', 'the record (default: results/wider/<name of the folder>-<hash of all conditions>.json)');
  addOutputFlags(addIntervalFlags(command))
    .addHelpText(
      'after',
      `
Predictions are diagnosed first; what makes the number meaningless ends with exit code 2 and names the flag that corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Example:
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --rules matlab`,
    )
    .action(runScore);
}

async function runScore(flags: ScoreFlags): Promise<void> {
  if (flags.pred === undefined) {
    throw new ProtocolError('wider score needs --pred DIR; retinabench wider score --help has an example');
  }
  const output = outputOf(flags);
  const protocol = scoringProtocol(flags.rules, flags.order);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const source = await locateGroundTruth(flags.gt, flags.data);
  const annotated = loadGroundTruth(source.location);
  const { header, columns } = flags;
  const rules = {
    ...protocol,
    annotated: annotated.images,
    ...(header === undefined ? {} : { header }),
    ...(columns === undefined ? {} : { columns }),
  };
  const read = convertPredictions(readWithProgress(output, flags.pred, rules), flags);
  const groundTruth = await selectImages(annotated, read, source, flags.images);
  const predictions = withoutUnselected(read, annotated, groundTruth);
  const { dataset, sizeOf } = await describeImages(source, annotated, groundTruth);
  const diagnoses = diagnose({
    groundTruth,
    predictions,
    protocol,
    requireSorted: flags.order === 'strict',
    ...(sizeOf === undefined ? {} : { sizeOf }),
  });
  const warnings = reportDiagnoses(diagnoses, flags.pred, flags.force === true);
  const evaluation = evaluateWider(groundTruth, predictions, protocol, {
    atScore: flags.atScore,
    interval: flags.interval,
  });
  const few = flags.interval ? warnOfFewImages(groundTruth.images.length) : undefined;
  if (few !== undefined) warnings.push(few);
  noteFlagsWithoutEffect(flags);
  const notes = [...(dataset.notes ?? []), ...formatNotes(flags)];
  const content: RecordContent = {
    kind: 'wider',
    ...evaluation,
    dataset: { ...dataset, ...(notes.length > 0 ? { notes } : {}) },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const record = await writeRecord(output, flags.out ?? defaultOut(flags, flags.pred, content), content);
  printResult(
    output,
    [
      formatEvaluation(evaluation, {
        dataset: dataset.name,
        protocol: record.protocol,
        notes: few === undefined ? notes : [...notes, few],
      }),
      formatProvenance(record),
    ].join('\n'),
  );
}

function readWithProgress(
  output: Output,
  folder: string,
  rules: Parameters<typeof readPredictions>[1],
): WiderPredictions {
  let progress: Progress | undefined;
  try {
    return readPredictions(folder, rules, (done, total) => {
      progress ??= startProgress(output, total, 'files');
      progress.update(done);
    });
  } finally {
    progress?.stop();
  }
}

/** Predictions but those of annotated images that are not evaluated; of unknown ones the diagnosis is to know. */
function withoutUnselected(
  predictions: WiderPredictions,
  annotated: WiderGroundTruth,
  selected: WiderGroundTruth,
): WiderPredictions {
  if (selected === annotated) return predictions;
  const left = new Set(annotated.images);
  for (const image of selected.images) left.delete(image);
  return restrictPredictions(predictions, new Set(predictions.images.filter((image) => !left.has(image))));
}

/** How files were read, where that is not the layout's own way; it is no part of the protocol. */
function formatNotes({ header, columns, boxes, boxScale, scores }: ScoreFlags): string[] {
  const notes: string[] = [];
  if (header !== undefined) notes.push(`predictions read with --header ${header}`);
  if (columns !== undefined) {
    notes.push(`predictions read with --columns ${columns.map((column) => column + 1).join(',')}`);
  }
  if (boxes !== 'xywh') notes.push('predictions read with --boxes xyxy');
  if (boxScale !== 1) notes.push(`predictions read with --box-scale ${boxScale}`);
  if (scores !== 'probability') notes.push(`predictions read with --scores ${scores}`);
  return notes;
}

/** Told apart by whatever changes the record, the folder of the predictions included. */
function defaultOut(flags: ScoreFlags, pred: string, content: RecordContent): string {
  const folder = path.resolve(pred);
  const { boxes, boxScale, scores, header, columns, atScore, interval } = flags;
  return recordFile(recordFolder, path.basename(folder), content, {
    ...{ folder, boxes, boxScale, scores, header, columns, atScore, interval },
  });
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

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('expected a number above 0.');
  return number;
}

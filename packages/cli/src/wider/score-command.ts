import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  defaultAtScore,
  diagnose,
  evaluateWider,
  ignoreArealessFaces,
  loadGroundTruth,
  matchPredictions,
  type RuleSet,
  readAllFields,
  readPredictions,
  restrictPredictions,
  ruleSets,
  scoringProtocol,
  type WiderGroundTruth,
  type WiderPredictions,
  warnOfFewImages,
} from '@retinabench/eval-wider';
import { type Command, Option } from 'commander';
import {
  type AnalysisFlags,
  addAnalysisFlags,
  analysisConditions,
  analysisOptions,
  analysisSettings,
  printedParts,
} from '../analysis/analysis-flags.js';
import { formatAnalysis } from '../analysis/analysis-table.js';
import { recordAnalysis } from '../analysis/record-analysis.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { loadScoreMap } from '../score-map/applied-score-map.js';
import { mapScored } from '../score-map/map-scored.js';
import { addScoreMapFlags, type ScoreMapFlags } from '../score-map/score-map-flags.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { analyseWider, annotationsForErrors } from './analyse-wider.js';
import { describeImages, locateGroundTruth, selectImages } from './evaluated-images.js';
import { formatEvaluation } from './evaluation-table.js';
import { addIntervalFlags, type IntervalFlags, noteFlagsWithoutEffect } from './interval-flags.js';
import {
  addPredictionFlags,
  arrangePredictions,
  convertByFlags,
  type PredictionFlags,
  predictionNotes,
} from './prediction-flags.js';
import { reportDiagnoses } from './report-diagnoses.js';

const recordFolder = path.join('results', 'wider');

interface ScoreFlags extends OutputFlags, PredictionFlags, IntervalFlags, AnalysisFlags, ScoreMapFlags {
  readonly pred?: string;
  readonly gt?: string;
  readonly rules: RuleSet;
  readonly order?: 'strict' | 'any';
  readonly data?: string;
  readonly images?: string;
  readonly facesWithoutArea: 'counted' | 'ignored';
  readonly atScore: number;
  readonly force?: boolean;
  readonly out?: string;
}

/** Register `retinabench wider score`. */
export function registerScore(wider: Command): void {
  const command = wider
    .command('score')
    .option('--pred <dir>', 'folder of predictions')
    .option('--gt <dir>', 'folder of the ground truth (.mat files or wider_face_val.json)')
    .option(
      '--data <dir>',
      'data set root: its ground_truth, for the images that it has; beside --gt, only where the images lie',
    )
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
      new Option('--faces-without-area <how>', 'whether annotated faces of width or height 0 count')
        .choices(['counted', 'ignored'])
        .default('counted'),
    )
    .option('--at-score <score>', 'where misses and false positives are counted', numberBetween(0, 1), defaultAtScore)
    .option('--force', 'score in spite of what the diagnosis calls an error')
    .option('--out <file>', 'the record (default: results/wider/<name of the folder>-<hash of all conditions>.json)');
  addOutputFlags(addScoreMapFlags(addAnalysisFlags(addIntervalFlags(addPredictionFlags(command)))))
    .addHelpText(
      'after',
      `
Predictions are diagnosed first; what makes the number meaningless ends with exit code 2 and names the flag that corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --rules matlab
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --tide --calibration
  retinabench wider score --pred runs/mnet025 --gt ../shared/datasets/wider/ground_truth --want precision=0.95,fppi=0.1`,
    )
    .action(runScore);
}

async function runScore(flags: ScoreFlags): Promise<void> {
  if (flags.pred === undefined) {
    throw new ProtocolError('wider score needs --pred DIR; retinabench wider score --help has an example');
  }
  const output = outputOf(flags);
  const protocol = scoringProtocol(flags.rules, flags.order);
  const asked = analysisOptions(flags, flags.interval);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const scoreMap = await loadScoreMap(flags);
  const source = await locateGroundTruth(flags.gt, flags.data);
  const loaded = loadGroundTruth(source.location);
  const annotated = flags.facesWithoutArea === 'ignored' ? ignoreArealessFaces(loaded) : loaded;
  const { header, columns } = flags;
  const rules = {
    ...protocol,
    annotated: annotated.images,
    ...(header === undefined ? {} : { header }),
    ...(columns === undefined ? {} : { columns }),
  };
  const read = arrangePredictions(readWithProgress(output, flags.pred, rules), flags);
  const groundTruth = await selectImages(annotated, read, source, flags.images);
  const { dataset, sizeOf, allSizesKnown } = await describeImages(source, annotated, groundTruth);
  const mapped = mapScored(scoreMap, {
    annotations: annotationsForErrors(groundTruth),
    predictions: convertByFlags(withoutUnselected(read, annotated, groundTruth), flags, sizeOf),
    wider: true,
  });
  const { predictions } = mapped;
  const matched = matchPredictions(groundTruth, predictions, protocol);
  const diagnoses = diagnose({
    groundTruth,
    predictions,
    protocol,
    requireSorted: flags.order === 'strict',
    sizeOf,
    allSizesKnown,
    matched,
    ...(columns === undefined ? { fieldsOf: (image: string) => readAllFields(predictions, image) } : {}),
  });
  for (const doubt of mapped.warnings) printNote(`warning: ${doubt}`);
  const warnings = [...mapped.warnings, ...reportDiagnoses(diagnoses, flags.pred, flags.force === true)];
  const evaluation = evaluateWider(groundTruth, predictions, protocol, {
    atScore: flags.atScore,
    matched,
    interval: flags.interval,
  });
  const analysis = analyseWider(groundTruth, matched, protocol, asked);
  const few = flags.interval ? warnOfFewImages(groundTruth.images.length) : undefined;
  if (few !== undefined) warnings.push(few);
  noteFlagsWithoutEffect(flags);
  const notes = [...(dataset.notes ?? []), ...predictionNotes(flags), ...mapped.notes];
  const content: RecordContent = {
    kind: 'wider',
    ...evaluation,
    ...recordAnalysis(analysis, evaluation.images),
    protocol: {
      ...evaluation.protocol,
      // A setting of its own: other faces count.
      ...(flags.facesWithoutArea === 'ignored' ? { facesWithoutArea: 'ignored' } : {}),
      ...mapped.settings,
      ...analysisSettings(flags),
    },
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
      ...formatAnalysis(analysis, printedParts(flags)),
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

/** Told apart by whatever changes the record, the folder of the predictions included. */
function defaultOut(flags: ScoreFlags, pred: string, content: RecordContent): string {
  const folder = path.resolve(pred);
  const { atScore, interval } = flags;
  return recordFile(recordFolder, path.basename(folder), content, {
    ...{ folder, atScore, interval, read: predictionNotes(flags) },
    ...analysisConditions(flags),
  });
}

import path from 'node:path';
import { ProtocolError } from '@retinabench/core/basics';
import type { ErrorAnalysis } from '@retinabench/eval-detection';
import {
  type Diagnosis,
  type DiagnosisInput,
  diagnose,
  evaluateWider,
  ignoreArealessFaces,
  loadGroundTruth,
  matchPredictions,
  type RuleSet,
  readAllFields,
  readPredictions,
  restrictPredictions,
  type ScoringProtocol,
  scoringProtocol,
  type WiderEvaluation,
  type WiderGroundTruth,
  type WiderPredictions,
  warnOfFewImages,
} from '@retinabench/eval-wider/scoring';
import type { ProtocolSettings } from '@retinabench/results';
import {
  type AnalysisFlags,
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
import { loadScoreMap } from '../score-map/load-score-map.js';
import { mapScored } from '../score-map/map-scored.js';
import type { ScoreMapFlags } from '../score-map/score-map-flags.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { type Progress, startProgress } from '../terminal/progress.js';
import { analyseWider, annotationsForErrors } from './analyse-wider.js';
import { arrangePredictions, convertByFlags, predictionNotes } from './apply-prediction-flags.js';
import { describeImages, type EvaluatedImages, locateGroundTruth, selectImages } from './evaluated-images.js';
import { formatEvaluation } from './evaluation-table.js';
import { type IntervalFlags, noteFlagsWithoutEffect } from './interval-flags.js';
import type { PredictionFlags } from './prediction-flags.js';
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

/** The action of `retinabench wider score`. */
export async function runScore(flags: ScoreFlags): Promise<void> {
  const { pred } = flags;
  if (pred === undefined) {
    throw new ProtocolError('wider score needs --pred DIR; retinabench wider score --help has an example');
  }
  const output = outputOf(flags);
  const protocol = scoringProtocol(flags.rules, flags.order);
  const asked = analysisOptions(flags, flags.interval);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const scoreMap = await loadScoreMap(flags);
  const input = await readInput(output, flags, pred, protocol);
  const { groundTruth, dataset } = input;
  const mapped = mapScored(scoreMap, {
    annotations: annotationsForErrors(groundTruth),
    predictions: input.predictions,
    wider: true,
  });
  const { predictions } = mapped;
  const matched = matchPredictions(groundTruth, predictions, protocol);
  const diagnoses = diagnoseInput(flags, input, { predictions, protocol, matched });
  const doubts = [...input.warnings, ...mapped.warnings];
  for (const doubt of doubts) printNote(`warning: ${doubt}`);
  const warnings = [...doubts, ...reportDiagnoses(diagnoses, pred, flags.force === true)];
  const { atScore, interval } = flags;
  const evaluation = evaluateWider(groundTruth, predictions, protocol, { atScore, matched, interval });
  const analysis = await analyseWider(groundTruth, matched, protocol, asked);
  const few = interval ? warnOfFewImages(groundTruth.images.length) : undefined;
  if (few !== undefined) warnings.push(few);
  noteFlagsWithoutEffect(flags);
  const notes = [...(dataset.notes ?? []), ...predictionNotes(flags), ...mapped.notes];
  const content = contentOf(flags, { evaluation, analysis, mapped: mapped.settings, dataset, notes, warnings });
  const record = await writeRecord(output, flags.out ?? defaultOut(flags, pred, content), content);
  const table = formatEvaluation(evaluation, {
    dataset: dataset.name,
    protocol: record.protocol,
    notes: few === undefined ? notes : [...notes, few],
  });
  printResult(output, [table, ...formatAnalysis(analysis, printedParts(flags)), formatProvenance(record)].join('\n'));
}

/** Annotations and predictions of the images that are evaluated. */
interface ScoredInput extends EvaluatedImages {
  readonly groundTruth: WiderGroundTruth;
  /** As the flags have them read. */
  readonly predictions: WiderPredictions;
}

async function readInput(
  output: Output,
  flags: ScoreFlags,
  pred: string,
  protocol: ScoringProtocol,
): Promise<ScoredInput> {
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
  const read = arrangePredictions(readWithProgress(output, pred, rules), flags);
  const groundTruth = await selectImages(annotated, read, source, flags.images);
  const described = await describeImages(source, loaded, annotated, groundTruth);
  const predictions = convertByFlags(withoutUnselected(read, annotated, groundTruth), flags, described.sizeOf);
  return { groundTruth, predictions, ...described };
}

function diagnoseInput(
  { order, columns }: ScoreFlags,
  { groundTruth, sizeOf, allSizesKnown }: ScoredInput,
  scored: Pick<DiagnosisInput, 'predictions' | 'protocol' | 'matched'>,
): Diagnosis[] {
  return diagnose({
    groundTruth,
    ...scored,
    requireSorted: order === 'strict',
    sizeOf,
    allSizesKnown,
    ...(columns === undefined ? { fieldsOf: (image: string) => readAllFields(scored.predictions, image) } : {}),
  });
}

/** What a record is made of. */
interface Scored {
  readonly evaluation: WiderEvaluation;
  readonly analysis: ErrorAnalysis;
  /** Settings of the map that was put over the scores. */
  readonly mapped: ProtocolSettings;
  readonly dataset: ScoredInput['dataset'];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

function contentOf(
  flags: ScoreFlags,
  { evaluation, analysis, mapped, dataset, notes, warnings }: Scored,
): RecordContent {
  return {
    kind: 'wider',
    ...evaluation,
    ...recordAnalysis(analysis, evaluation.images),
    protocol: {
      ...evaluation.protocol,
      // A setting of its own: other faces count.
      ...(flags.facesWithoutArea === 'ignored' ? { facesWithoutArea: 'ignored' } : {}),
      ...mapped,
      ...analysisSettings(flags),
    },
    dataset: { ...dataset, ...(notes.length > 0 ? { notes } : {}) },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
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
    folder,
    atScore,
    interval,
    read: predictionNotes(flags),
    ...analysisConditions(flags),
  });
}

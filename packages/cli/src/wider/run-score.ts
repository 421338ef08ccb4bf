import path from 'node:path';
import { ProtocolError } from '@retinabench/core/basics';
import {
  diagnose,
  evaluateWider,
  ignoreArealessFaces,
  loadGroundTruth,
  matchPredictions,
  type RuleSet,
  readAllFields,
  readPredictions,
  restrictPredictions,
  scoringProtocol,
  type WiderGroundTruth,
  type WiderPredictions,
  warnOfFewImages,
} from '@retinabench/eval-wider/scoring';
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
import { describeImages, locateGroundTruth, selectImages } from './evaluated-images.js';
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
  const analysis = await analyseWider(groundTruth, matched, protocol, asked);
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
    folder,
    atScore,
    interval,
    read: predictionNotes(flags),
    ...analysisConditions(flags),
  });
}

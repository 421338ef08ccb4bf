import path from 'node:path';
import type { AnnotationFormat, PredictionFormat } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
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
import { recordDetectionAnalysis } from '../analysis/record-analysis.js';
import { describeAnnotations, describePredictions } from '../annotated/describe-reading.js';
import { formatDetection } from '../annotated/detection-table.js';
import { annotatedSizes } from '../annotated/diagnose-annotated.js';
import { evaluateAnnotated } from '../annotated/evaluate-annotated.js';
import { addFaceFlags } from '../annotated/face-flags.js';
import { joinPredictions, type MissingRule, missingRules } from '../annotated/joined-predictions.js';
import { loadAnyAnnotations, loadAnyPredictions } from '../annotated/load-any.js';
import { addMetricFlags, detectionSettings, type MetricFlags } from '../annotated/metric-flags.js';
import { addReadingFlags, readingSettings } from '../annotated/reading-flags.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import {
  addCorrectionFlags,
  arrangePredictions,
  convertByFlags,
  type PredictionFlags,
  predictionNotes,
} from '../wider/prediction-flags.js';

const recordFolder = path.join('results', 'detection');

interface ScoreFlags extends OutputFlags, MetricFlags, PredictionFlags, AnalysisFlags {
  readonly gt?: string;
  readonly pred?: string;
  readonly missing: MissingRule;
  readonly interval: boolean;
  readonly force?: boolean;
  readonly out?: string;
}

/** Register `retinabench score`. */
export function registerScore(program: Command): void {
  const command = program
    .command('score')
    .description('AP, F1 and miss rate of predictions of any form against annotations of any form')
    .option('--gt <path>', 'annotations: a file or folder of a known form')
    .option('--pred <path>', 'predictions: a file or folder of a known form')
    .addOption(
      new Option(
        '--missing <rule>',
        'annotated images without predictions: refuse them, take them as empty, or leave them out',
      )
        .choices(missingRules)
        .default('refuse'),
    );
  addAnalysisFlags(addFaceFlags(addMetricFlags(command)))
    .option('--no-interval', 'leave out the 95 % intervals')
    .option('--force', 'score even where the diagnosis finds an error')
    .option(
      '--out <file>',
      'the record (default: results/detection/<name of the predictions>-<hash of all conditions>.json)',
    );
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(addCorrectionFlags(command))
    .addHelpText(
      'after',
      `
Predictions are diagnosed first; what makes the numbers meaningless ends with exit code 2 and names the flag that corrects it.
Exit codes: 0 scored; 2 invalid input; 3 environment.

Examples:
  retinabench score --gt ground-truth.json --pred predictions.json
  retinabench score --gt labels.csv --pred detections.csv --ignored count --metric coco,f1
  retinabench score --gt ground-truth.json --pred predictions.json --tide --calibration --want precision=0.95
  retinabench score --gt VOCdevkit/Annotations --pred results.json --difficult crowd --by occlusion`,
    )
    .action(runScore);
}

async function runScore(flags: ScoreFlags, command: Command): Promise<void> {
  const { gt, pred } = flags;
  if (gt === undefined || pred === undefined) {
    throw new ProtocolError('score needs --gt PATH and --pred PATH; retinabench score --help has examples');
  }
  const output = outputOf(flags);
  const settings = detectionSettings(flags);
  const asked = analysisOptions(flags, flags.interval, settings.iou);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const given = command.opts<Record<string, unknown>>();
  const truth = loadAnyAnnotations(gt, readingSettings<AnnotationFormat>(given, 'gt'));
  const read = loadAnyPredictions(pred, { ...readingSettings<PredictionFormat>(given, 'pred'), annotations: truth });
  const joined = joinPredictions(truth, read, flags.missing);
  const recognised = [...describeAnnotations(truth), ...describePredictions(read, joined.rule)];
  if (!output.quiet) recognised.forEach(printNote);
  for (const warning of joined.warnings) printNote(`warning: ${warning}`);
  const predictions = convertByFlags(
    arrangePredictions(joined.predictions, flags),
    flags,
    annotatedSizes(joined.annotations).sizeOf,
  );
  const { warnings, sha256, notes, analysis, ...evaluation } = evaluateAnnotated({
    annotations: joined.annotations,
    predictions,
    origin: 'files',
    name: pred,
    annotated: gt,
    settings,
    wider: flags.metric.includes('wider'),
    interval: flags.interval,
    ...(flags.by === undefined ? {} : { by: flags.by }),
    force: flags.force === true,
    analysis: asked,
  });
  const all = [...joined.warnings, ...warnings];
  const said = [...recognised, ...predictionNotes(flags), ...notes];
  const name = path.basename(path.resolve(gt)).replace(/\.[A-Za-z0-9]+$/, '') || 'annotations';
  const { protocol, detection, breakdown, curves } = evaluation;
  const content: RecordContent = {
    kind: 'detection',
    protocol: { ...protocol, ...analysisSettings(flags) },
    ...recordDetectionAnalysis(analysis, detection),
    breakdown,
    curves,
    dataset: { name, images: joined.annotations.images.length, sha256, groundTruthSha256: sha256, notes: said },
    ...(all.length > 0 ? { warnings: all } : {}),
  };
  const stem = path.basename(path.resolve(pred)).replace(/\.[A-Za-z0-9]+$/, '') || 'predictions';
  const place = recordFile(recordFolder, stem, content, {
    pred: path.resolve(pred),
    interval: flags.interval,
    by: flags.by,
    said,
    ...analysisConditions(flags),
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  const text = formatDetection(
    { ...evaluation, notes },
    {
      dataset: name,
      images: joined.annotations.images.length,
      iou: settings.iou,
      protocol: record.protocol,
      notes: [...predictionNotes(flags), ...notes, ...all.map((warning) => `warning: ${warning}`)],
    },
  );
  printResult(output, [text, ...formatAnalysis(analysis, printedParts(flags)), formatProvenance(record)].join('\n'));
}

import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import type { Command } from 'commander';
import {
  type AnalysisFlags,
  analysisConditions,
  analysisOptions,
  analysisSettings,
  printedParts,
} from '../analysis/analysis-flags.js';
import { formatAnalysis } from '../analysis/analysis-table.js';
import { recordDetectionAnalysis } from '../analysis/record-analysis.js';
import { formatDetection } from '../annotated/detection-table.js';
import { evaluateAnnotated } from '../annotated/evaluate-annotated.js';
import { detectionSettings, type MetricFlags } from '../annotated/metric-flags.js';
import { readScored, type ScoredFlags } from '../annotated/read-scored.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { loadScoreMap } from '../score-map/load-score-map.js';
import { mapScored } from '../score-map/map-scored.js';
import type { ScoreMapFlags } from '../score-map/score-map-flags.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { predictionNotes } from '../wider/apply-prediction-flags.js';

const recordFolder = path.join('results', 'detection');

interface ScoreFlags extends OutputFlags, MetricFlags, ScoredFlags, ScoreMapFlags, AnalysisFlags {
  readonly gt?: string;
  readonly pred?: string;
  readonly interval: boolean;
  readonly force?: boolean;
  readonly out?: string;
}

/** The action of `retinabench score`. */
export async function runScore(flags: ScoreFlags, command: Command): Promise<void> {
  const { gt, pred } = flags;
  if (gt === undefined || pred === undefined) {
    throw new ProtocolError('score needs --gt PATH and --pred PATH; retinabench score --help has examples');
  }
  const output = outputOf(flags);
  const settings = detectionSettings(flags);
  const asked = analysisOptions(flags, flags.interval, settings.iou);
  await requireWritable(flags.out ?? path.join(recordFolder, '*.json'), recordOutput);
  const scoreMap = await loadScoreMap(flags);
  const read = readScored(gt, pred, flags, command.opts<Record<string, unknown>>());
  if (!output.quiet) read.recognised.forEach(printNote);
  const mapped = mapScored(scoreMap, { ...read, wider: flags.metric.includes('wider') });
  const doubts = [...read.warnings, ...mapped.warnings];
  for (const warning of doubts) printNote(`warning: ${warning}`);
  const { warnings, sha256, notes, analysis, ...evaluation } = evaluateAnnotated({
    annotations: read.annotations,
    predictions: mapped.predictions,
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
  const all = [...doubts, ...warnings];
  const corrected = [...predictionNotes(flags), ...mapped.notes];
  const said = [...read.recognised, ...corrected, ...notes];
  const name = path.basename(path.resolve(gt)).replace(/\.[A-Za-z0-9]+$/, '') || 'annotations';
  const { protocol, detection, breakdown, curves } = evaluation;
  const content: RecordContent = {
    kind: 'detection',
    protocol: { ...protocol, ...mapped.settings, ...analysisSettings(flags) },
    ...recordDetectionAnalysis(analysis, detection),
    breakdown,
    curves,
    dataset: { name, images: read.annotations.images.length, sha256, groundTruthSha256: sha256, notes: said },
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
      images: read.annotations.images.length,
      iou: settings.iou,
      protocol: record.protocol,
      notes: [...corrected, ...notes, ...all.map((warning) => `warning: ${warning}`)],
    },
  );
  printResult(output, [text, ...formatAnalysis(analysis, printedParts(flags)), formatProvenance(record)].join('\n'));
}

import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import type { ProtocolSettings } from '@retinabench/results';
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
import { type EvaluatedAnnotations, evaluateAnnotated } from '../annotated/evaluate-annotated.js';
import { detectionSettings, type MetricFlags } from '../annotated/metric-flags.js';
import { printRecognised } from '../annotated/print-recognised.js';
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
  const read = await readScored(gt, pred, flags, command.opts<Record<string, unknown>>());
  printRecognised(output, read.recognised);
  const wider = flags.metric.includes('wider');
  const mapped = mapScored(scoreMap, { ...read, wider });
  const doubts = [...read.warnings, ...mapped.warnings];
  for (const warning of doubts) printNote(`warning: ${warning}`);
  const evaluated = evaluateAnnotated({
    annotations: read.annotations,
    predictions: mapped.predictions,
    origin: 'files',
    name: pred,
    annotated: gt,
    settings,
    wider,
    interval: flags.interval,
    ...(flags.by === undefined ? {} : { by: flags.by }),
    force: flags.force === true,
    analysis: asked,
  });
  const corrected = [...read.notes, ...predictionNotes(flags), ...mapped.notes];
  const scored: Scored = {
    evaluated,
    name: stemOf(gt) || 'annotations',
    images: read.annotations.images.length,
    mapped: mapped.settings,
    notes: [...read.recognised, ...corrected, ...evaluated.notes],
    warnings: [...doubts, ...evaluated.warnings],
  };
  const content = contentOf(flags, scored);
  const place = recordFile(recordFolder, stemOf(pred) || 'predictions', content, {
    pred: path.resolve(pred),
    interval: flags.interval,
    by: flags.by,
    said: scored.notes,
    ...analysisConditions(flags),
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  const text = formatDetection(evaluated, {
    dataset: scored.name,
    images: scored.images,
    iou: settings.iou,
    protocol: record.protocol,
    notes: [...corrected, ...evaluated.notes, ...scored.warnings.map((warning) => `warning: ${warning}`)],
  });
  const analysis = formatAnalysis(evaluated.analysis, printedParts(flags));
  printResult(output, [text, ...analysis, formatProvenance(record)].join('\n'));
}

/** What a record is made of. */
interface Scored {
  readonly evaluated: EvaluatedAnnotations;
  /** Of the annotations. */
  readonly name: string;
  readonly images: number;
  /** Settings of the map that was put over the scores. */
  readonly mapped: ProtocolSettings;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

function contentOf(flags: ScoreFlags, { evaluated, name, images, mapped, notes, warnings }: Scored): RecordContent {
  const { protocol, detection, breakdown, curves, analysis, sha256 } = evaluated;
  return {
    kind: 'detection',
    protocol: { ...protocol, ...mapped, ...analysisSettings(flags) },
    ...recordDetectionAnalysis(analysis, detection),
    breakdown,
    curves,
    dataset: { name, images, sha256, groundTruthSha256: sha256, notes },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** The last name of a path, without its extension. */
function stemOf(place: string): string {
  return path.basename(path.resolve(place)).replace(/\.[A-Za-z0-9]+$/, '');
}

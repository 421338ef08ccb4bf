import path from 'node:path';
import type { Annotations } from '@retinabench/annotations';
import { groupFailures, openRunFolder } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { type DetectionSettings, restrictAnnotations } from '@retinabench/eval-detection';
import { toPredictions } from '@retinabench/eval-wider';
import { runId } from '@retinabench/files';
import type { ProtocolSettings, ResultRecord } from '@retinabench/results';
import { analysisConditions, analysisOptions, analysisSettings, printedParts } from '../analysis/analysis-flags.js';
import { formatAnalysis } from '../analysis/analysis-table.js';
import { recordDetectionAnalysis } from '../analysis/record-analysis.js';
import { compareSizes, withSizes } from '../annotated/compare-sizes.js';
import { formatDetection } from '../annotated/detection-table.js';
import { type EvaluatedAnnotations, evaluateAnnotated } from '../annotated/evaluate-annotated.js';
import { type DetectionJob, runDetectionJob } from '../detection/detection-job.js';
import { type DetectionPlan, planDetection } from '../detection/detection-plan.js';
import { detectionTime } from '../detection/detection-time.js';
import { evaluatedHashes, imageHashes } from '../detection/evaluated-hashes.js';
import { ownTimesNotes } from '../detection/own-times.js';
import { resolveDetector } from '../detection/resolve-detector.js';
import type { RecordedCell } from '../detection/write-matrix.js';
import { formatProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import type { AppliedScoreMap } from '../score-map/applied-score-map.js';
import { mapScored } from '../score-map/map-scored.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import type { EvalFlags } from './eval-flags.js';
import { identicalImages } from './identical-images.js';
import type { AnnotatedSet } from './open-annotated.js';
import { recordFolder } from './record-folder.js';

/** One detector to be evaluated. */
export interface EvaluatedCell {
  readonly output: Output;
  /** With one model, backend and scale. */
  readonly flags: EvalFlags;
  readonly settings: DetectionSettings;
  readonly annotated: AnnotatedSet;
  /** Put over the scores. */
  readonly scoreMap?: AppliedScoreMap;
  /** Its numbers are not printed: a table of all follows. */
  readonly isOneOfMany: boolean;
}

/**
 * Detect with one detector, going on where an earlier run stopped, and evaluate what it found.
 *
 * @returns the record, and the exit code that images which failed ask for.
 */
export async function evaluateCell(
  cell: EvaluatedCell,
): Promise<{ readonly result: RecordedCell; readonly exitCode: number }> {
  const { output, flags, annotated } = cell;
  const plan = planDetection(await resolveDetector(flags, false), annotated.set);
  // A map of another model is refused before hours of detection.
  cell.scoreMap?.modelWarnings(plan.identity.model);
  const folder = path.join('results', 'detect', `${plan.model.card.id}-${annotated.set.name}-${runId(plan.identity)}`);
  const openRun = () => openRunFolder({ folder, identity: plan.identity, fresh: flags.fresh === true });
  let result: RecordedCell | undefined;
  const exitCode = await runDetectionJob(output, flags, plan, openRun, async (job) => {
    result = await evaluateJob(cell, plan, job);
  });
  if (result === undefined) throw new DatasetError(`${annotated.set.root}: no image could be detected`);
  return { result, exitCode };
}

type Job = DetectionJob<ReturnType<typeof openRunFolder>>;

async function evaluateJob(cell: EvaluatedCell, plan: DetectionPlan, job: Job): Promise<RecordedCell> {
  const { output, flags, settings, annotated, scoreMap } = cell;
  const { identity } = plan;
  const { card } = plan.model;
  const { detected, failed } = job.detected;
  const hashes = imageHashes({ detected, failed });
  const keep = Uint8Array.from(annotated.annotations.images, (image) => (hashes.has(image) ? 1 : 0));
  const annotations = restrictAnnotations(annotated.annotations, keep);
  const sizes = settleSizes(cell, annotations, detected);
  const identical = identicalImages(hashes);
  const mapped = mapScored(scoreMap, {
    annotations,
    predictions: toPredictions(detected),
    identity,
    wider: flags.metric.includes('wider'),
  });
  const evaluated = evaluateAnnotated({
    annotations: withSizes(annotations, detected),
    predictions: mapped.predictions,
    origin: 'detector',
    name: `${card.id} on ${annotated.set.name}`,
    annotated: annotated.location,
    settings,
    wider: flags.metric.includes('wider'),
    interval: flags.interval,
    ...(flags.by === undefined ? {} : { by: flags.by }),
    force: flags.force === true,
    ...(output.noted && { noted: output.noted }),
    analysis: analysisOptions(flags, flags.interval, settings.iou),
  });
  const scored: ScoredJob = {
    annotations,
    evaluated,
    mapped: mapped.settings,
    doubts: [
      ...job.warnings,
      ...annotated.warnings,
      ...(sizes === undefined ? [] : [sizes]),
      ...(identical === undefined ? [] : [identical]),
      ...mapped.warnings,
      ...evaluated.warnings,
    ],
    notes: [...annotated.set.notes, ...mapped.notes, ...evaluated.notes],
  };
  const content = contentOf(cell, plan, job, scored);
  const stem = `${card.id}-${annotated.set.name}-${identity.backend.id}`;
  const place = recordFile(recordFolder, stem, content, {
    card: identity.model.cardSha256,
    interval: flags.interval,
    by: flags.by,
    ...analysisConditions(flags),
  });
  const file = flags.out ?? place;
  const record = await writeRecord(output, file, content);
  if (!cell.isOneOfMany) printScored(cell, scored, record);
  return { record, file, ...detectionTime(detected) };
}

/** Detections that are evaluated, and what is said of them. */
interface ScoredJob {
  /** Of the images that were detected. */
  readonly annotations: Annotations;
  readonly evaluated: EvaluatedAnnotations;
  /** Settings of the map that was put over the scores. */
  readonly mapped: ProtocolSettings;
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

/**
 * How sizes of the images differ from those that were annotated; undefined: they do not.
 *
 * @throws {DatasetError} if they do, without `--force`.
 */
function settleSizes(
  { flags, annotated }: EvaluatedCell,
  annotations: Annotations,
  detected: Job['detected']['detected'],
): string | undefined {
  const sizes = compareSizes(annotations, detected);
  if (sizes === undefined) return undefined;
  printNote(`error: ${sizes}`);
  if (flags.force === true) return sizes;
  throw new DatasetError(
    `${annotated.set.root}: expected images as they were annotated, got ${sizes}; fix: take the images that were annotated, or --force to evaluate anyway`,
  );
}

function contentOf(
  { flags, annotated }: EvaluatedCell,
  { model: { card, sizeBytes }, identity, browsers }: DetectionPlan,
  { detected: { detected, failed, resumed }, times }: Job,
  { annotations, evaluated, mapped, doubts, notes }: ScoredJob,
): RecordContent {
  return {
    kind: 'detection',
    protocol: { ...evaluated.protocol, ...identity.settings, ...mapped, ...analysisSettings(flags) },
    ...recordDetectionAnalysis(evaluated.analysis, evaluated.detection),
    breakdown: evaluated.breakdown,
    curves: evaluated.curves,
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { ...identity.backend, threads: flags.threads },
    dataset: {
      name: annotated.set.name,
      images: annotations.images.length,
      ...evaluatedHashes(annotations.images, evaluated.sha256, { detected, failed }),
      notes: [...annotated.recognised, ...notes],
    },
    ...times,
    ...(resumed === undefined ? {} : { resumed }),
    code: identity.code,
    runtimes: identity.runtimes,
    ...(browsers && { browsers }),
    ...(doubts.length > 0 ? { warnings: doubts } : {}),
    ...(failed.length > 0 ? { failures: groupFailures(failed) } : {}),
  };
}

function printScored(
  { output, flags, annotated }: EvaluatedCell,
  { annotations, evaluated, doubts, notes }: ScoredJob,
  record: ResultRecord,
): void {
  const text = formatDetection(evaluated, {
    dataset: annotated.set.name,
    images: annotations.images.length,
    iou: flags.iou,
    protocol: record.protocol,
    notes: [...ownTimesNotes(record), ...notes, ...doubts.map((warning) => `warning: ${warning}`)],
  });
  const analysis = formatAnalysis(evaluated.analysis, printedParts(flags));
  printResult(output, [text, ...analysis, formatProvenance(record)].join('\n'));
}

import path from 'node:path';
import {
  type FailedImage,
  groupFailures,
  isBadImage,
  type LoggedImage,
  type RunIdentity,
} from '@retinabench/backends/runs';
import {
  datasetHashes,
  evaluateWider,
  loadGroundTruth,
  restrictGroundTruth,
  scoringProtocol,
  type WiderGroundTruth,
  warnOfFewImages,
} from '@retinabench/eval-wider';
import type { ResumedImages } from '@retinabench/files';
import { comparePublished, nearestPublished } from '@retinabench/report';
import type { ProtocolSettings, ResultRecord, Split } from '@retinabench/results';
import { analysisConditions, analysisOptions, analysisSettings, printedParts } from '../analysis/analysis-flags.js';
import { formatAnalysis } from '../analysis/analysis-table.js';
import { recordAnalysis } from '../analysis/record-analysis.js';
import { type OwnTimes, ownTimesNotes } from '../detection/own-times.js';
import { formatProvenance } from '../record/provenance.js';
import { publishedRows } from '../record/published-rows.js';
import { recordFile } from '../record/record-file.js';
import { type BrowserEnvironments, type RecordContent, writeRecord } from '../record/write.js';
import { type Output, printNote } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { analyseWider } from './analyse-wider.js';
import { diagnoseDetected } from './diagnose-detected.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { formatEvaluation } from './evaluation-table.js';
import { noteFlagsWithoutEffect } from './interval-flags.js';
import { nameAnnotations } from './name-annotations.js';
import { reportDiagnoses } from './report-diagnoses.js';

const recordFolder = path.join('results', 'wider');

/**
 * The ground truth that the flags name, or that of the data set.
 *
 * @param root of the data set.
 * @throws {EnvironmentError}, {DatasetError} as loadGroundTruth.
 */
export function loadAnnotations({ gt }: EvaluateFlags, root: string): WiderGroundTruth {
  return loadGroundTruth(gt ?? path.join(root, 'ground_truth'));
}

/**
 * Make sure that the record can be written, before anything is detected.
 *
 * @throws {EnvironmentError}, {DatasetError} as requireWritable.
 */
export async function requireRecordPlace({ out }: EvaluateFlags): Promise<void> {
  await requireWritable(out ?? path.join(recordFolder, '*.json'), recordOutput);
}

/** What was detected, with all that the record says of it. */
export interface Detected {
  readonly images: readonly LoggedImage[];
  /** Images without; those that are not bad themselves are scored as images without detections. */
  readonly failed: readonly FailedImage[];
  /** Ground truth of the data set; restricted here to the images. */
  readonly annotated: WiderGroundTruth;
  readonly dataset: Pick<NonNullable<ResultRecord['dataset']>, 'name' | 'notes'>;
  /** The run that the detections are of. */
  readonly identity: RunIdentity;
  /** Browsers that the detector ran in. */
  readonly browsers?: BrowserEnvironments;
  /** Those of an earlier run. */
  readonly resumed?: ResumedImages;
  readonly model: NonNullable<ResultRecord['model']>;
  readonly backend: NonNullable<ResultRecord['backend']>;
  /** Detection settings and box rounding. */
  readonly settings: ProtocolSettings;
  /** What makes the number doubtful: images that are left out. */
  readonly warnings: readonly string[];
  /** Of the run that detected, where it is this one. */
  readonly times?: OwnTimes;
}

/** A record with the file that it was written to and the table that shows it. */
export interface WrittenRecord {
  readonly record: ResultRecord;
  readonly file: string;
  /** @param split the split to show; undefined: all. */
  tableOf(split: Split | undefined): string;
}

/**
 * Score detections against the ground truth of their images and write the record. They are diagnosed first, as `wider score`
 * diagnoses those of others.
 *
 * @throws {DatasetError} if the detections cannot be right and `--force` was not given.
 */
export async function evaluateDetected(
  output: Output,
  flags: EvaluateFlags,
  detected: Detected,
): Promise<WrittenRecord> {
  const { images, failed, annotated, model, backend, identity } = detected;
  const scored = [...images, ...failed.filter((image) => !isBadImage(image))];
  const names = scored.map(({ image }) => image);
  const groundTruth = restrictGroundTruth(annotated, new Set(names));
  const named = await nameAnnotations(detected.dataset.name, groundTruth, groundTruth.images);
  for (const doubt of named.warnings) printNote(`warning: ${doubt}`);
  const dataset = { ...detected.dataset, name: named.name };
  const scoring = scoringProtocol(flags.rules);
  const { predictions, matched, diagnoses } = diagnoseDetected(images, names, groundTruth, scoring);
  const doubts = reportDiagnoses(diagnoses, `${model.id} on ${dataset.name}`, flags.force === true);
  const evaluation = evaluateWider(groundTruth, predictions, scoring, { matched, interval: flags.interval });
  const analysis = await analyseWider(groundTruth, matched, scoring, analysisOptions(flags, flags.interval));
  const warnings = [
    ...detected.warnings,
    ...named.warnings,
    ...doubts,
    ...imageWarnings(flags, scored.length, groundTruth.images.length),
  ];
  const notes = [...(dataset.notes ?? []), ...warnings];
  noteFlagsWithoutEffect(flags);
  const hashes = datasetHashes(groundTruth, new Map(scored.map(({ image, sha256 }) => [image, sha256 ?? 'unread'])));
  const content: RecordContent = {
    kind: 'wider',
    ...evaluation,
    ...recordAnalysis(analysis, evaluation.images),
    protocol: { ...evaluation.protocol, ...detected.settings, ...analysisSettings(flags) },
    model,
    backend,
    dataset: {
      name: dataset.name,
      images: groundTruth.images.length,
      ...hashes,
      ...(notes.length > 0 ? { notes } : {}),
    },
    ...ofTheRun(detected),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(failed.length > 0 ? { failures: groupFailures(failed) } : {}),
  };
  const place = recordFile(recordFolder, `${model.id}-${dataset.name}-${backend.id}`, content, {
    card: identity.model.cardSha256,
    interval: flags.interval,
    ...analysisConditions(flags),
  });
  const file = flags.out ?? place;
  const record = await writeRecord(output, file, content);
  const [rows] = await publishedRows([record]);
  const published = nearestPublished(comparePublished(record, rows)).map(({ text }) => `this AP ${text}`);
  const tableOf = (split: Split | undefined): string => {
    const table = formatEvaluation(evaluation, {
      dataset: dataset.name,
      protocol: record.protocol,
      notes: [...ownTimesNotes(detected.times ?? {}), ...notes],
      ...(split === undefined ? {} : { split }),
    });
    return [table, ...formatAnalysis(analysis, printedParts(flags)), ...published, formatProvenance(record)].join('\n');
  };
  return { record, file, tableOf };
}

/** What is to be known of the images that were scored: some may have no annotations, and those that have may be few. */
function imageWarnings({ interval }: EvaluateFlags, scored: number, annotated: number): string[] {
  const few = interval ? warnOfFewImages(annotated) : undefined;
  return [
    ...(scored > annotated ? [`${scored - annotated} images have no ground truth and are left out.`] : []),
    ...(few === undefined ? [] : [few]),
  ];
}

/** What a record says of the run that detected. */
function ofTheRun({ times, resumed, identity, browsers }: Detected): Partial<RecordContent> {
  return {
    ...times,
    ...(resumed === undefined ? {} : { resumed }),
    code: identity.code,
    runtimes: identity.runtimes,
    ...(browsers && { browsers }),
  };
}

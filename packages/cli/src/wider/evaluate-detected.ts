import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import {
  type DetectedImage,
  evaluateWider,
  type FailedImage,
  groupFailures,
  isBadImage,
  loadGroundTruth,
  type RuleSet,
  restrictGroundTruth,
  ruleSets,
  scoringProtocol,
  toPredictions,
  type WiderGroundTruth,
} from '@retinabench/eval-wider';
import { type ProtocolSettings, protocolId, type ResultRecord, type Split } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { formatProvenance } from '../record/provenance.js';
import { writeRecord } from '../record/write.js';
import { wholeNumber } from '../terminal/flags.js';
import { type Output, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { formatEvaluation } from './evaluation-table.js';

const recordFolder = path.join('results', 'wider');

/** The flags of scoring what a run detected. */
export interface EvaluateFlags {
  readonly gt?: string;
  readonly rules: RuleSet;
  readonly interval: boolean;
  readonly resamples: number;
  readonly seed: number;
  readonly out?: string;
}

/** Add the flags of `EvaluateFlags`. */
export function addEvaluateFlags(command: Command): Command {
  return command
    .option('--gt <dir>', 'folder of the ground truth (default: ground_truth in the data set root)')
    .addOption(new Option('--rules <set>', 'whose evaluator is reproduced').choices(ruleSets).default('python'))
    .option('--no-interval', 'leave out the 95 % bootstrap intervals')
    .option('--resamples <n>', 'resamples of the bootstrap', wholeNumber(2), 1000)
    .option('--seed <n>', 'seed of the bootstrap', wholeNumber(0), 1)
    .option('--out <file>', 'the record (default: results/wider/<model>-<data set>-<protocol id>.json)');
}

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
  readonly images: readonly DetectedImage[];
  /** Images without; those that are not bad themselves are scored as images without detections. */
  readonly failed: readonly FailedImage[];
  /** Ground truth of the data set; restricted here to the images. */
  readonly annotated: WiderGroundTruth;
  readonly dataset: NonNullable<ResultRecord['dataset']>;
  readonly model: NonNullable<ResultRecord['model']>;
  readonly backend: NonNullable<ResultRecord['backend']>;
  /** Detection settings and box rounding. */
  readonly settings: ProtocolSettings;
  /** What makes the number doubtful: images that are left out. */
  readonly warnings: readonly string[];
}

/**
 * Score detections against the ground truth of their images, write the record and print the table.
 *
 * @param split the split to print; undefined: all. The record has all.
 */
export async function evaluateDetected(
  output: Output,
  flags: EvaluateFlags,
  detected: Detected,
  split: Split | undefined,
): Promise<void> {
  const { images, failed, annotated, dataset, model, backend, settings } = detected;
  const scored = [...images, ...failed.filter((image) => !isBadImage(image))].map(({ image }) => image);
  const groundTruth = restrictGroundTruth(annotated, new Set(scored));
  const evaluation = evaluateWider(groundTruth, toPredictions(images), scoringProtocol(flags.rules), {
    ...(flags.interval ? { bootstrap: { resamples: flags.resamples, random: seededRandom(flags.seed) } } : {}),
  });
  const protocol = { ...evaluation.protocol, ...settings };
  const notes = [...(dataset.notes ?? [])];
  const unannotated = scored.length - groundTruth.images.length;
  const warnings = [...detected.warnings];
  if (unannotated > 0) warnings.push(`${unannotated} images have no ground truth and are left out.`);
  notes.push(...warnings);
  const name = `${model.id}-${dataset.name}-${protocolId(protocol)}`;
  const record = await writeRecord(output, flags.out ?? path.join(recordFolder, `${name}.json`), {
    kind: 'wider',
    ...evaluation,
    protocol,
    model,
    backend,
    dataset: { ...dataset, images: groundTruth.images.length, ...(notes.length > 0 ? { notes } : {}) },
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(failed.length > 0 ? { failures: groupFailures(failed) } : {}),
  });
  const table = formatEvaluation(evaluation, {
    dataset: dataset.name,
    protocol: record.protocol,
    notes,
    ...(split === undefined ? {} : { split }),
  });
  printResult(output, `${table}\n${formatProvenance(record)}`);
}

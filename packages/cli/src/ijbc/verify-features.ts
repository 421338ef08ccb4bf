import path from 'node:path';
import {
  type Diagnosis,
  diagnoseRates,
  diagnoseScores,
  digestFiles,
  loadPairSet,
  type MetaFiles,
  type PairSet,
  type PoolingOptions,
  scorePairs,
  type TarDifference,
  tarDifference,
  type Verification,
  verify,
} from '@retinabench/eval-ijbc';
import type { ResultRecord } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { formatProvenance } from '../record/provenance.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { extractionFields, recordedFlip, templateSetHashes } from './extraction-fields.js';
import { type FeatureRows, locateFeatures } from './feature-rows.js';
import { formatGroups, type GroupResult, ratesByGroup } from './group-rates.js';
import type { MetaFlags } from './meta-flags.js';
import { poolRows } from './pool-rows.js';
import { type PoolingFlags, resolvePooling } from './pooling-flags.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { readDetectorScores, resolveFeatures } from './resolve-features.js';
import { subjectResampling, type VerificationFlags } from './verification-flags.js';
import {
  verificationFields,
  verificationFile,
  verificationFolder,
  verificationProtocol,
} from './verification-record.js';
import { formatDifference, formatVerification } from './verification-table.js';

/** The flags of a verification of features. */
export interface FeatureFlags extends OutputFlags, MetaFlags, PoolingFlags, VerificationFlags {
  readonly against?: string;
  readonly againstFlip?: string;
  /** The first images alone; the features are of no more. */
  readonly limit?: number;
  /** Threads that score pairs. */
  readonly threads: number;
  readonly out?: string;
}

/**
 * Verify features, print TAR and write the record; with `against`, the paired difference, too.
 *
 * @throws as the readers, poolTemplates and verify of eval-ijbc.
 */
export async function verifyFeatures(flags: FeatureFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(verificationFolder, '*.json'), recordOutput);
  const input = await readInput(output, flags);
  const { features } = input;
  const force = flags.force === true;
  const ofLists = reportDiagnoses(input.set.diagnoses, 'verify', force);
  const verified = await verifyInput(output, flags, input);
  const extraction = await extractionFields(features);
  const warnings = [...ofLists, ...reportDiagnoses(verified.diagnoses, 'verify', force)];
  const content = await recordOf(flags, input, verified, extraction, warnings);
  const { against, limit, codes, interval, resamples, seed } = flags;
  const place = verificationFile(features, content, {
    ...{ groups: flags.groups === undefined ? undefined : path.resolve(flags.groups), by: flags.by },
    ...{ limit, codes, against: against === undefined ? undefined : path.resolve(against) },
    ...(interval ? { resamples, seed } : {}),
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  const { result, grouped, difference } = verified;
  printResult(output, formatVerification(result, flags.rule));
  if (grouped !== undefined) printResult(output, `\n${formatGroups(grouped)}\n`);
  printResult(output, formatSettings(record));
  if (difference !== undefined) {
    printResult(output, formatDifference(difference, { candidate: features, baseline: flags.against! }));
  }
  printResult(output, formatProvenance(record));
}

/** What is verified, and how it is pooled. */
interface VerificationInput {
  readonly meta: MetaFiles;
  /** The file of the candidate's features. */
  readonly features: string;
  readonly candidate: FeatureRows;
  readonly baseline: FeatureRows | undefined;
  readonly pooling: PoolingOptions;
  readonly set: PairSet;
  readonly detectorScores: Float32Array | undefined;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
}

async function readInput(output: Output, flags: FeatureFlags): Promise<VerificationInput> {
  const { meta, features, featuresFlip, notes } = await resolveFeatures(output, flags, 'verify');
  const candidate = await locateFeatures(features, featuresFlip, flags);
  const baseline =
    flags.against === undefined ? undefined : await locateFeatures(flags.against, flags.againstFlip, flags);
  const pooling = resolvePooling(flags, {
    hasFlipped: [candidate, baseline].every((rows) => rows === undefined || rows.halves || rows.flipped !== undefined),
    hasScores: meta.points !== undefined,
    ...recordedFlip(features),
  });
  const set = await loadPairSet(meta, flags.pairs, { limit: flags.limit });
  const listedScores = await readDetectorScores(meta, set.listedNames, pooling.detectorScore === 'use');
  const detectorScores = listedScores?.subarray(0, set.images.names.length);
  return { meta, features, candidate, baseline, pooling, set, detectorScores, notes: [...notes, ...candidate.notes] };
}

/** Numbers of the candidate, and all that the diagnosis finds. */
interface Verified {
  readonly result: Verification;
  readonly resampling: ReturnType<typeof subjectResampling>;
  readonly grouped: GroupResult | undefined;
  readonly difference: Readonly<Record<string, TarDifference>> | undefined;
  readonly diagnoses: readonly Diagnosis[];
}

async function verifyInput(output: Output, flags: FeatureFlags, input: VerificationInput): Promise<Verified> {
  const { candidate, baseline, set } = input;
  const pooled = await scoreRows(output, flags, input, candidate);
  const { scores } = pooled;
  const resampling = subjectResampling(set, flags);
  const result = verify(scores, set.labels, resampling);
  const grouped = await ratesByGroup(flags, set, scores, result);
  const other = baseline === undefined ? undefined : await scoreRows(output, flags, input, baseline);
  return {
    result,
    resampling,
    grouped,
    difference: other === undefined ? undefined : await compare(flags, set, scores, other.scores),
    diagnoses: [
      ...pooled.diagnoses,
      ...diagnoseScores({ result, scores, labels: set.labels, source: 'features' }),
      ...diagnoseRates({ result, ...(resampling === undefined ? {} : { resampled: set }) }),
      ...(grouped?.diagnoses ?? []),
      ...(other?.diagnoses ?? []),
    ],
  };
}

/** Pool features to templates and score the pairs, with what the diagnosis finds about the features. */
async function scoreRows(
  output: Output,
  { threads }: FeatureFlags,
  { set, detectorScores, pooling }: VerificationInput,
  rows: FeatureRows,
): Promise<{ readonly scores: Float64Array; readonly diagnoses: readonly Diagnosis[] }> {
  const { templates, diagnoses } = await poolRows(
    output,
    rows,
    { ...set, detectorScores, task: 'verification' },
    pooling,
  );
  const scored = startProgress(output, set.labels.length, 'pairs');
  const scores = await scorePairs(templates, set.pairs, { threads, onPairs: scored.update });
  scored.stop();
  return { scores, diagnoses };
}

async function recordOf(
  flags: FeatureFlags,
  { meta, pooling, set, notes }: VerificationInput,
  { result, resampling, grouped, difference }: Verified,
  { made, settings, facesNotFound, imagesSha256, notes: ofExtraction }: Awaited<ReturnType<typeof extractionFields>>,
  warnings: readonly string[],
): Promise<RecordContent> {
  return {
    kind: 'ijbc-verification',
    ...(warnings.length === 0 ? {} : { warnings }),
    ...made,
    dataset: await describeDataset(meta.prefix, set, {
      lists: [meta.images, meta.pairs!, ...(pooling.detectorScore === 'use' ? [meta.points!] : [])],
      imagesSha256,
      notes: [...notes, ...ofExtraction, ...(grouped?.notes ?? [])],
    }),
    protocol: {
      ...verificationProtocol(flags.pairs, pooling),
      ...settings,
    },
    ...verificationFields(result, {
      subjects: set.subjects.count,
      drawn:
        resampling === undefined ? undefined : { resampling, seed: flags.seed, labels: set.labels, ids: set.index.ids },
      difference,
      facesNotFound,
    }),
    ...(grouped === undefined ? {} : { groups: grouped.groups }),
  };
}

async function compare(
  flags: FeatureFlags,
  { labels, pairs, subjects }: PairSet,
  candidate: Float64Array,
  baseline: Float64Array,
): Promise<Readonly<Record<string, TarDifference>> | undefined> {
  if (subjects.count < 2) return undefined;
  return tarDifference({ baseline, candidate, labels, pairs, subjects }, flags.rule, flags);
}

async function describeDataset(
  name: string,
  { images, listedNames, index }: PairSet,
  {
    lists,
    imagesSha256,
    notes,
  }: {
    readonly lists: readonly string[];
    readonly imagesSha256?: string | undefined;
    readonly notes: readonly string[];
  },
): Promise<NonNullable<ResultRecord['dataset']>> {
  return {
    name,
    images: images.names.length,
    ...templateSetHashes(await digestFiles(lists), imagesSha256),
    notes: [
      `${index.ids.length.toLocaleString('en')} templates`,
      ...(images.names.length < listedNames.length
        ? [`the first ${images.names.length.toLocaleString('en')} of ${listedNames.length.toLocaleString('en')} images`]
        : []),
      ...notes,
    ],
  };
}

function formatSettings({ protocol, dataset }: ResultRecord): string {
  return `${formatProtocol(protocol)}\ndata set ${dataset?.name}: ${dataset?.images.toLocaleString('en')} images, ${dataset?.notes?.[0]}`;
}

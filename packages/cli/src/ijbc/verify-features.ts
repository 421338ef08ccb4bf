import path from 'node:path';
import {
  type Diagnosis,
  diagnoseRates,
  diagnoseScores,
  digestFiles,
  loadPairSet,
  type PairSet,
  scorePairs,
  type TarDifference,
  tarDifference,
  verify,
} from '@retinabench/eval-ijbc';
import type { ResultRecord } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { formatProvenance } from '../record/provenance.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { extractionFields, recordedFlip, templateSetHashes } from './extraction-fields.js';
import { type FeatureRows, locateFeatures } from './feature-rows.js';
import { formatGroups, ratesByGroup } from './group-rates.js';
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
  const force = flags.force === true;
  const ofLists = reportDiagnoses(set.diagnoses, 'verify', force);
  const diagnoses: Diagnosis[] = [];
  const scoreOf = async (rows: FeatureRows): Promise<Float64Array> => {
    const pooled = await poolRows(output, rows, { ...set, detectorScores, task: 'verification' }, pooling);
    diagnoses.push(...pooled.diagnoses);
    const scored = startProgress(output, set.labels.length, 'pairs');
    const scores = await scorePairs(pooled.templates, set.pairs, { threads: flags.threads, onPairs: scored.update });
    scored.stop();
    return scores;
  };
  const scores = await scoreOf(candidate);
  const resampling = subjectResampling(set, flags);
  const result = verify(scores, set.labels, resampling);
  diagnoses.push(
    ...diagnoseScores({ result, scores, labels: set.labels, source: 'features' }),
    ...diagnoseRates({ result, ...(resampling === undefined ? {} : { resampled: set }) }),
  );
  const grouped = await ratesByGroup(flags, set, scores, result);
  diagnoses.push(...(grouped?.diagnoses ?? []));
  const difference = baseline === undefined ? undefined : await compare(flags, set, scores, await scoreOf(baseline));
  const { made, settings, facesNotFound, imagesSha256, notes: ofExtraction } = await extractionFields(features);
  const warnings = [...ofLists, ...reportDiagnoses(diagnoses, 'verify', force)];
  const content: RecordContent = {
    kind: 'ijbc-verification',
    ...(warnings.length === 0 ? {} : { warnings }),
    ...made,
    dataset: await describeDataset(meta.prefix, set, {
      lists: [meta.images, meta.pairs!, ...(pooling.detectorScore === 'use' ? [meta.points!] : [])],
      imagesSha256,
      notes: [...notes, ...candidate.notes, ...ofExtraction, ...(grouped?.notes ?? [])],
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
  const { against, limit, codes, interval, resamples, seed } = flags;
  const place = verificationFile(features, content, {
    ...{ groups: flags.groups === undefined ? undefined : path.resolve(flags.groups), by: flags.by },
    ...{ limit, codes, against: against === undefined ? undefined : path.resolve(against) },
    ...(interval ? { resamples, seed } : {}),
  });
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(output, formatVerification(result, flags.rule));
  if (grouped !== undefined) printResult(output, `\n${formatGroups(grouped)}\n`);
  printResult(output, formatSettings(record));
  if (difference !== undefined) {
    printResult(output, formatDifference(difference, { candidate: features, baseline: flags.against! }));
  }
  printResult(output, formatProvenance(record));
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

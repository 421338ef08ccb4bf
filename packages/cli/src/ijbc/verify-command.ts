import os from 'node:os';
import path from 'node:path';
import { ProtocolError, type ResultRecord, ShapeError, seededRandom } from '@retinabench/core';
import {
  digestFiles,
  indexTemplates,
  loadPairSet,
  type Pairing,
  type PairSet,
  poolFiles,
  readLabels,
  readScores,
  type SubjectResampling,
  scorePairs,
  subjectsOfPairs,
  type TarDifference,
  type ThresholdRule,
  tarDifference,
  thresholdRules,
  verify,
} from '@retinabench/eval-ijbc';
import { type Command, Option } from 'commander';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { addMetaFlags, type MetaFlags, readDetectorScores, resolveMeta } from './meta-flags.js';
import { addPoolingFlags, type PoolingFlags, resolvePooling } from './pooling-flags.js';
import { verificationFields, verificationProtocol } from './verification-record.js';
import { formatDifference, formatVerification } from './verification-table.js';

interface VerifyFlags extends OutputFlags, MetaFlags, PoolingFlags {
  readonly scores?: string;
  readonly labels?: string;
  readonly against?: string;
  readonly againstFlip?: string;
  readonly pairs: Pairing;
  readonly rule: ThresholdRule;
  readonly interval: boolean;
  readonly resamples: number;
  readonly seed: number;
  readonly threads: number;
  readonly out?: string;
}

/** Register `retinabench ijbc verify`. */
export function registerVerify(ijbc: Command): void {
  const command = ijbc
    .command('verify')
    .description('1:1: TAR at FAR 1e-6 ... 1e-1 of features or of scores made by anything');
  addPoolingFlags(addMetaFlags(command))
    .option('--scores <file>', 'scores of pairs instead of features: .npy or one per line; needs --labels')
    .option('--labels <file>', 'labels of those pairs: .npy, one per line, or the pair list itself')
    .option('--against <file>', 'features to compare with: prints the paired difference of TAR')
    .option('--against-flip <file>', 'the same of the mirrored images')
    .addOption(
      new Option('--pairs <which>', 'those of the pair list, or every image its own template and all pairs')
        .choices(['file', 'all-images'])
        .default('file'),
    )
    .addOption(
      new Option('--rule <rule>', 'which table is printed; the record holds all')
        .choices(thresholdRules)
        .default('nearest'),
    )
    .option('--no-interval', 'leave out the 95 % intervals over subjects')
    .option('--resamples <n>', 'resamples of the subjects', wholeNumber(2), 200)
    .option('--seed <n>', 'seed of the resampling', wholeNumber(0), 1)
    .option('--threads <n>', 'threads that score', wholeNumber(1), os.availableParallelism())
    .option('--out <file>', 'the record (default: results/ijbc-verification/<name of the features>.json)');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench ijbc verify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy
  retinabench ijbc verify --meta IJBC/meta --features r100.npy --features-flip r100-flip.npy --codes N1D1F2 --script ijb_11
  retinabench ijbc verify --scores scores.npy --labels IJBC/meta/ijbc_template_pair_label.txt`,
    )
    .action(runVerify);
}

async function runVerify(flags: VerifyFlags): Promise<void> {
  if (flags.scores !== undefined || flags.labels !== undefined) await verifyScores(flags);
  else await verifyFeatures(flags);
}

async function verifyScores(flags: VerifyFlags): Promise<void> {
  if (flags.scores === undefined || flags.labels === undefined) {
    throw new ProtocolError('ijbc verify: --scores FILE and --labels FILE belong together');
  }
  if (flags.features !== undefined || flags.against !== undefined) {
    throw new ProtocolError('ijbc verify: give either --features or --scores, not both; --against compares features');
  }
  const scores = await readScores(flags.scores);
  const { labels, templateIds } = await readLabels(flags.labels);
  if (scores.length !== labels.length) {
    throw new ShapeError(
      `${flags.labels}: expected ${scores.length} labels, one for each score of ${flags.scores}, got ${labels.length}`,
    );
  }
  const set = templateIds === undefined ? undefined : pairsOfIds(templateIds, labels);
  const result = verify(scores, labels, set === undefined ? undefined : resampling(set, flags));
  const content: RecordContent = {
    kind: 'ijbc-verification',
    dataset: {
      name: path.basename(flags.labels),
      images: 0,
      sha256: await digestFiles([flags.scores, flags.labels]),
      notes: ['scores were given; the number of images is not known'],
    },
    protocol: verificationProtocol('given-scores'),
    ...verificationFields(result, set?.subjects.count),
  };
  await writeRecord(outputOf(flags), flags.out ?? defaultOut(flags.scores), content);
  printResult(outputOf(flags), formatVerification(result, flags.rule));
}

function pairsOfIds(
  ids: { readonly left: Int32Array; readonly right: Int32Array },
  labels: Uint8Array,
): Pick<PairSet, 'pairs' | 'subjects'> {
  const all = new Int32Array(ids.left.length * 2);
  all.set(ids.left);
  all.set(ids.right, ids.left.length);
  const { ids: known, indexOf } = indexTemplates({ templateIds: all, mediaIds: all });
  const pairs = { left: ids.left.map(indexOf), right: ids.right.map(indexOf) };
  return { pairs, subjects: subjectsOfPairs(known.length, pairs, labels) };
}

async function verifyFeatures(flags: VerifyFlags): Promise<void> {
  const output = outputOf(flags);
  const { meta, features } = await resolveMeta(flags, 'verify');
  const pooling = resolvePooling(flags, {
    hasFlipped: flags.featuresFlip !== undefined && (flags.against === undefined || flags.againstFlip !== undefined),
    hasScores: meta.points !== undefined,
  });
  const set = await loadPairSet(meta, flags.pairs);
  const detectorScores = await readDetectorScores(meta, set.images.names, pooling.detectorScore === 'use');
  const scoreOf = async (file: string, flipped: string | undefined): Promise<Float64Array> => {
    const pooled = startProgress(output, set.images.names.length, 'images');
    const templates = await poolFiles(
      {
        features: file,
        ...(flipped === undefined ? {} : { flipped }),
        images: set.images,
        index: set.index,
        ...(detectorScores === undefined ? {} : { detectorScores }),
        onImages: pooled.update,
      },
      pooling,
    );
    pooled.stop();
    const scored = startProgress(output, set.labels.length, 'pairs');
    const scores = await scorePairs(templates, set.pairs, { threads: flags.threads, onPairs: scored.update });
    scored.stop();
    return scores;
  };
  const scores = await scoreOf(features, flags.featuresFlip);
  const result = verify(scores, set.labels, resampling(set, flags));
  const difference =
    flags.against === undefined
      ? undefined
      : await compare(flags, set, scores, await scoreOf(flags.against, flags.againstFlip));
  const content: RecordContent = {
    kind: 'ijbc-verification',
    dataset: await describeDataset(meta.prefix, set, [meta.images, meta.pairs!]),
    protocol: verificationProtocol(flags.pairs, pooling),
    ...verificationFields(result, set.subjects.count, difference),
  };
  const record = await writeRecord(output, flags.out ?? defaultOut(features), content);
  printResult(output, formatVerification(result, flags.rule));
  printResult(output, formatSettings(record));
  if (difference !== undefined) {
    printResult(output, formatDifference(difference, { candidate: features, baseline: flags.against! }));
  }
}

async function compare(
  flags: VerifyFlags,
  { labels, pairs, subjects }: PairSet,
  candidate: Float64Array,
  baseline: Float64Array,
): Promise<Readonly<Record<string, TarDifference>> | undefined> {
  if (subjects.count < 2) return undefined;
  return tarDifference({ baseline, candidate, labels, pairs, subjects }, flags.rule, flags);
}

/** Intervals, if they are asked for and there are subjects to resample. */
function resampling(
  { pairs, subjects }: Pick<PairSet, 'pairs' | 'subjects'>,
  { interval, resamples, seed }: VerifyFlags,
): SubjectResampling | undefined {
  if (!interval) return undefined;
  if (subjects.count < 2) {
    printNote('no intervals: the genuine pairs join all templates into one subject');
    return undefined;
  }
  return { pairs, subjects, resamples, random: seededRandom(seed) };
}

async function describeDataset(
  name: string,
  { images, index }: PairSet,
  files: readonly string[],
): Promise<NonNullable<ResultRecord['dataset']>> {
  return {
    name,
    images: images.names.length,
    sha256: await digestFiles(files),
    notes: [`${index.ids.length.toLocaleString('en')} templates`],
  };
}

function formatSettings({ protocol, dataset }: ResultRecord): string {
  const settings = Object.entries(protocol)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => `${name}=${value}`)
    .join('  ');
  return `protocol ${protocol.id}: ${settings}\ndata set ${dataset?.name}: ${dataset?.images.toLocaleString('en')} images, ${dataset?.notes?.join(', ')}`;
}

function defaultOut(file: string): string {
  return path.join('results', 'ijbc-verification', `${path.basename(file).replace(/\.[^.]*$/, '')}.json`);
}

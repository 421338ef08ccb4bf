import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  diagnoseFoldRows,
  diagnoseRates,
  diagnoseScores,
  digestFiles,
  evaluateFolds,
  type FeatureRows,
  type FoldEvaluation,
  pairDistances,
  readFoldPairs,
  verify,
} from '@retinabench/eval-ijbc';
import { openNpy } from '@retinabench/files';
import { twoSidedT } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { formatProvenance } from '../record/provenance.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { renderTable } from '../terminal/table.js';
import { extractionFields } from './extraction-fields.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { verificationFields, verificationFile, verificationFolder } from './verification-record.js';

interface FoldsFlags extends OutputFlags {
  readonly pairs: string;
  readonly features: string;
  readonly featuresFlip?: string;
  readonly flip?: 'add' | 'none';
  readonly folds?: number;
  readonly far: number;
  readonly force?: boolean;
  readonly out?: string;
}

/** Folds of a file that does not say how many. */
const defaultFolds = 10;

/** Register `retinabench ijbc folds`. */
export function registerFolds(ijbc: Command): void {
  const command = ijbc
    .command('folds')
    .requiredOption('--pairs <file>', 'pairs.txt of LFW, a .bin of InsightFace, or .csv with the header fold,a,b,same')
    .requiredOption(
      '--features <file>',
      '.npy of shape (images, dimensions): of .txt and .bin, rows 2i and 2i + 1 are pair i',
    )
    .option('--features-flip <file>', 'the same of the mirrored images')
    .addOption(
      new Option('--flip <how>', 'feature of the mirrored image (default: add, where it is at hand)').choices([
        'add',
        'none',
      ]),
    )
    .option('--folds <n>', 'folds (default: what the file says, else 10)', wholeNumber(2))
    .option('--far <far>', 'FAR of the TAR', numberBetween(1e-9, 1), 1e-3)
    .option('--force', 'write the record in spite of errors, which then stand among its warnings')
    .option(
      '--out <file>',
      'the record (default: results/ijbc-verification/<name of the features>-<hash of what changes it>.json)',
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
A .bin is a pickle: it is read without running it.

Example:
  retinabench ijbc folds --pairs lfw.bin --features lfw.npy --features-flip lfw-flip.npy`,
    )
    .action(runFolds);
}

async function runFolds(flags: FoldsFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(verificationFolder, '*.json'), recordOutput);
  const flip = flags.flip ?? (flags.featuresFlip === undefined ? 'none' : 'add');
  if (flip === 'add' && flags.featuresFlip === undefined) {
    throw new ProtocolError(
      'flip add: needs the features of the mirrored images; give --features-flip FILE, or --flip none',
    );
  }
  const pairs = await readFoldPairs(flags.pairs);
  if (flags.folds !== undefined && pairs.folds !== undefined && flags.folds !== pairs.folds) {
    throw new ProtocolError(`--folds ${flags.folds}: ${flags.pairs} has ${pairs.folds}; leave the flag out`);
  }
  const folds = flags.folds ?? pairs.folds ?? defaultFolds;
  const features = await readRows(flags.features);
  const flipped = flip === 'add' ? await readRows(flags.featuresFlip!) : undefined;
  const distances = pairDistances(features, flipped, pairs);
  const evaluation = evaluateFolds({ distances, labels: pairs.labels }, folds, flags.far);
  const scores = distances.map((distance) => -distance);
  const result = verify(scores, pairs.labels);
  const rows = diagnoseFoldRows({
    features,
    ...(flipped === undefined ? {} : { flipped }),
    pairs,
    auc: result.auc,
  });
  const ofScores = diagnoseScores({ result, scores, labels: pairs.labels, source: 'features' });
  // What the order of the rows explains is not said again of the scores.
  const explained = rows.some(({ code }) => code === 'rows-misordered' || code === 'scores-at-chance');
  const warnings = reportDiagnoses(
    [
      ...rows,
      ...ofScores.filter(({ code }) => !explained || !/inverted|at-chance/.test(code)),
      ...diagnoseRates({ result }),
    ],
    'folds',
    flags.force === true,
  );
  const { made, settings, facesNotFound, notes } = await extractionFields(flags.features);
  const content: RecordContent = {
    kind: 'ijbc-verification',
    ...(warnings.length === 0 ? {} : { warnings }),
    ...made,
    dataset: {
      name: path.basename(flags.pairs),
      images: features.values.length / features.dimensions,
      sha256: await digestFiles([flags.pairs]),
      ...(notes.length === 0 ? {} : { notes }),
    },
    protocol: {
      task: 'verification in folds',
      folds,
      flip,
      norm: 'l2 after flip',
      score: 'squared distance',
      threshold: 'best of the other folds, steps of 0.01 up to 4',
      far: flags.far,
      tarRule: 'nearest',
      ...settings,
    },
    ...withFolds(verificationFields(result, { facesNotFound }), evaluation),
  };
  const place = verificationFile(flags.features, content, { featuresFlip: flags.featuresFlip });
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(output, formatFolds(evaluation, flags.far));
  printResult(output, `protocol ${record.protocol.id}\n${formatProvenance(record)}`);
}

function withFolds(fields: ReturnType<typeof verificationFields>, evaluation: FoldEvaluation) {
  const { folds, accuracy, tar, farReached } = evaluation;
  const [low, high] = intervalOverFolds(evaluation);
  return {
    ...fields,
    metrics: {
      ...fields.metrics,
      'folds.accuracy': accuracy.mean,
      'folds.accuracy.deviation': accuracy.deviation,
      'folds.accuracy.low': low,
      'folds.accuracy.high': high,
      'folds.tar': tar.mean,
      'folds.tar.deviation': tar.deviation,
      'folds.far': farReached,
      ...Object.fromEntries(
        folds.flatMap((fold, i) => [
          [`fold${i + 1}.accuracy`, fold.accuracy],
          [`fold${i + 1}.threshold`, fold.threshold],
          [`fold${i + 1}.tar`, fold.tar],
          [`fold${i + 1}.far`, fold.far],
          [`fold${i + 1}.thresholdAtFar`, fold.thresholdAtFar],
        ]),
      ),
    },
  };
}

/** 95 % of the mean accuracy by Student's t over the folds, whose people are disjoint. */
function intervalOverFolds({ accuracy, folds }: FoldEvaluation): readonly [number, number] {
  // The population deviation over sqrt(n - 1) is the sample deviation over sqrt(n).
  const half = (twoSidedT(0.05, folds.length - 1) * accuracy.deviation) / Math.sqrt(folds.length - 1);
  return [Math.max(0, accuracy.mean - half), Math.min(1, accuracy.mean + half)];
}

async function readRows(file: string): Promise<FeatureRows> {
  const npy = await openNpy(file);
  try {
    const [rows, dimensions] = npy.header.shape;
    if (npy.header.shape.length !== 2 || rows === 0 || dimensions === 0) {
      throw new ProtocolError(
        `${file}: expected features of shape (images, dimensions), got shape (${npy.header.shape.join(', ')})`,
      );
    }
    const values = new Float32Array(npy.header.items);
    await npy.readInto(0, values);
    return { place: file, values, dimensions };
  } finally {
    await npy.close();
  }
}

function formatFolds(evaluation: FoldEvaluation, far: number): string {
  const { folds, accuracy, tar, farReached, genuine, impostors } = evaluation;
  const percent = (share: number): string => (100 * share).toFixed(2);
  const numeric = (heading: string) => ({ heading, numeric: true });
  const [low, high] = intervalOverFolds(evaluation);
  return [
    renderTable(
      ['fold', 'pairs', 'threshold', 'accuracy %', 'threshold at FAR', 'TAR %', 'FAR %'].map(numeric),
      folds.map((fold, i) => [
        String(i + 1),
        String(fold.pairs),
        fold.threshold.toFixed(2),
        percent(fold.accuracy),
        fold.thresholdAtFar.toFixed(4),
        percent(fold.tar),
        percent(fold.far),
      ]),
    ),
    '',
    `accuracy ${percent(accuracy.mean)} +- ${percent(accuracy.deviation)} %, 95 % interval ${percent(low)} .. ${percent(high)} (Student's t over the folds)`,
    `TAR at FAR ${far}: ${percent(tar.mean)} +- ${percent(tar.deviation)} %, FAR reached ${percent(farReached)} %`,
    `${genuine.toLocaleString('en')} genuine and ${impostors.toLocaleString('en')} impostor pairs`,
  ].join('\n');
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  correctPairs,
  type Diagnosis,
  diagnoseFoldPairs,
  diagnoseFoldRows,
  diagnoseRates,
  diagnoseScores,
  digestFiles,
  evaluateFolds,
  type FeatureRows,
  type FoldPairs,
  pairDistances,
  readFoldPairs,
  verify,
} from '@retinabench/eval-ijbc';
import { openNpy } from '@retinabench/files';
import { encodeBits } from '@retinabench/results';
import type { DetectorFlags, ProtocolFlags } from '../detection/flags.js';
import { formatProvenance } from '../record/provenance.js';
import { readRecord } from '../record/read.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { extractionFields } from './extraction-fields.js';
import { runExtraction } from './extraction-job.js';
import { type FaceRule, layOutFoldImages } from './fold-images.js';
import { withFolds } from './folds-fields.js';
import { formatFoldDifference, formatFolds } from './folds-table.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { verificationFields, verificationFile, verificationFolder } from './verification-record.js';

interface FoldsFlags extends OutputFlags, DetectorFlags, ProtocolFlags {
  readonly pairs: string;
  readonly features?: string;
  readonly images?: string;
  readonly embedder?: string;
  readonly faces?: FaceRule;
  readonly landmarker?: string;
  readonly resizeLong?: number;
  readonly workers: number;
  readonly imageTimeout: number;
  readonly fresh?: boolean;
  readonly against?: string;
  readonly featuresFlip?: string;
  readonly flip?: 'add' | 'none';
  readonly folds?: number;
  readonly far: number;
  readonly force?: boolean;
  readonly out?: string;
}

/** Folds of a file that does not say how many. */
const defaultFolds = 10;

/** The action of `retinabench ijbc folds`. */
export async function runFolds(flags: FoldsFlags): Promise<void> {
  const output = outputOf(flags);
  await requireWritable(flags.out ?? path.join(verificationFolder, '*.json'), recordOutput);
  const against = flags.against === undefined ? undefined : await readRecord(flags.against);
  const read = await readFoldPairs(flags.pairs);
  if (flags.folds !== undefined && read.folds !== undefined && flags.folds !== read.folds) {
    throw new ProtocolError(`--folds ${flags.folds}: ${flags.pairs} has ${read.folds}; leave the flag out`);
  }
  const source = await featuresOf(output, flags, read);
  const verified = verifyInFolds(await readFeatures(flags, source), flags, source.pairs);
  const warnings = reportDiagnoses(
    [...diagnoseFoldPairs(read, verified.folds, flags.pairs), ...diagnoseVerified(verified)],
    'folds',
    flags.force === true,
  );
  const content = await recordOf(flags, source, verified, warnings);
  const place = verificationFile(source.place, content, { featuresFlip: flags.featuresFlip });
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(output, formatFolds(verified.evaluation, flags.far));
  if (against !== undefined) printResult(output, `\n${formatFoldDifference(against, record, flags.against ?? '')}\n`);
  printResult(output, `protocol ${record.protocol.id}\n${formatProvenance(record)}`);
}

/** Features by row of the pairs, and how those of the mirrored images are taken. */
interface Features {
  readonly features: FeatureRows;
  readonly flip: 'add' | 'none';
  /** Of the mirrored images, where they are added. */
  readonly flipped?: FeatureRows;
}

async function readFeatures(flags: FoldsFlags, { place, flipFile }: FeatureSource): Promise<Features> {
  const flip = flags.flip ?? (flipFile === undefined ? 'none' : 'add');
  if (flip === 'none') return { features: await readRows(place), flip };
  if (flipFile === undefined) {
    throw new ProtocolError(
      'flip add: needs the features of the mirrored images; give --features-flip FILE, or --flip none',
    );
  }
  return { features: await readRows(place), flip, flipped: await readRows(flipFile) };
}

/** Pairs that are scored and judged in their folds. */
interface Verified extends Features {
  readonly pairs: FoldPairs;
  readonly folds: number;
  readonly distances: Float64Array;
  readonly scores: Float64Array;
  readonly evaluation: ReturnType<typeof evaluateFolds>;
  /** Of all pairs at once. */
  readonly result: ReturnType<typeof verify>;
}

function verifyInFolds(read: Features, flags: FoldsFlags, pairs: FoldPairs): Verified {
  const folds = flags.folds ?? pairs.folds ?? defaultFolds;
  const distances = pairDistances(read.features, read.flipped, pairs);
  const evaluation = evaluateFolds({ distances, labels: pairs.labels }, folds, flags.far);
  const scores = distances.map((distance) => -distance);
  return { ...read, pairs, folds, distances, scores, evaluation, result: verify(scores, pairs.labels) };
}

function diagnoseVerified({ features, flipped, pairs, scores, result }: Verified): Diagnosis[] {
  const rows = diagnoseFoldRows({ features, ...(flipped === undefined ? {} : { flipped }), pairs, auc: result.auc });
  const ofScores = diagnoseScores({ result, scores, labels: pairs.labels, source: 'features' });
  // What the order of the rows explains is not said again of the scores.
  const explained = rows.some(({ code }) => ['rows-misordered', 'labels-exchanged', 'scores-at-chance'].includes(code));
  return [
    ...rows,
    ...ofScores.filter(({ code }) => !explained || !/inverted|at-chance/.test(code)),
    ...diagnoseRates({ result }),
  ];
}

async function recordOf(
  flags: FoldsFlags,
  { place, faces }: FeatureSource,
  { features, flip, pairs, folds, distances, evaluation, result }: Verified,
  warnings: readonly string[],
): Promise<RecordContent> {
  const { made, settings, facesNotFound, notes } = await extractionFields(place);
  return {
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
      ...(faces === undefined ? {} : { faces }),
      ...settings,
    },
    ...withFolds(verificationFields(result, { facesNotFound }), evaluation),
    folds: {
      pairs: distances.length,
      correct: encodeBits(correctPairs({ distances, labels: pairs.labels }, evaluation)),
    },
  };
}

/** Where features lie, and the pairs of their rows. */
interface FeatureSource {
  readonly pairs: FoldPairs;
  readonly place: string;
  /** The file of the mirrored images. */
  readonly flipFile?: string;
  /** Absent: the features were given. */
  readonly faces?: FaceRule;
}

/** The features that are given, or those that are extracted of the images of the pairs. */
async function featuresOf(output: Output, flags: FoldsFlags, pairs: FoldPairs): Promise<FeatureSource> {
  const { features, featuresFlip, embedder } = flags;
  if (features !== undefined) {
    if (embedder !== undefined) throw new ProtocolError('--features and --embedder: give one of them');
    return { pairs, place: features, ...(featuresFlip === undefined ? {} : { flipFile: featuresFlip }) };
  }
  if (embedder === undefined) {
    throw new ProtocolError(
      'ijbc folds needs --features FILE, or --embedder ID that makes them of the images; retinabench ijbc folds --help has examples',
    );
  }
  const faces = flags.faces ?? (pairs.images === undefined ? 'detect' : 'aligned');
  const set = await layOutFoldImages(flags.pairs, pairs, faces, embedder, flags.images);
  const extraction = await runExtraction(
    output,
    {
      ...flags,
      embedder,
      meta: set.meta,
      images: set.images,
      mirror: flags.flip !== 'none',
      landmarks: faces === 'aligned' ? 'given' : 'detect',
    },
    undefined,
  );
  const { features: place, flipped } = extraction.files;
  return { pairs: set.pairs, place, faces, ...(existsSync(flipped) ? { flipFile: flipped } : {}) };
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

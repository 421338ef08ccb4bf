import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  correctPairs,
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
  const { pairs, place: featureFile, flipFile, faces } = await featuresOf(output, flags, read);
  const flip = flags.flip ?? (flipFile === undefined ? 'none' : 'add');
  if (flip === 'add' && flipFile === undefined) {
    throw new ProtocolError(
      'flip add: needs the features of the mirrored images; give --features-flip FILE, or --flip none',
    );
  }
  const folds = flags.folds ?? pairs.folds ?? defaultFolds;
  const features = await readRows(featureFile);
  const flipped = flip === 'add' && flipFile !== undefined ? await readRows(flipFile) : undefined;
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
  const explained = rows.some(({ code }) => ['rows-misordered', 'labels-exchanged', 'scores-at-chance'].includes(code));
  const warnings = reportDiagnoses(
    [
      ...diagnoseFoldPairs(read, folds, flags.pairs),
      ...rows,
      ...ofScores.filter(({ code }) => !explained || !/inverted|at-chance/.test(code)),
      ...diagnoseRates({ result }),
    ],
    'folds',
    flags.force === true,
  );
  const { made, settings, facesNotFound, notes } = await extractionFields(featureFile);
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
      ...(faces === undefined ? {} : { faces }),
      ...settings,
    },
    ...withFolds(verificationFields(result, { facesNotFound }), evaluation),
    folds: {
      pairs: distances.length,
      correct: encodeBits(correctPairs({ distances, labels: pairs.labels }, evaluation)),
    },
  };
  const place = verificationFile(featureFile, content, { featuresFlip: flags.featuresFlip });
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(output, formatFolds(evaluation, flags.far));
  if (against !== undefined) printResult(output, `\n${formatFoldDifference(against, record, flags.against ?? '')}\n`);
  printResult(output, `protocol ${record.protocol.id}\n${formatProvenance(record)}`);
}

/** The features that are given, or those that are extracted of the images of the pairs. */
async function featuresOf(
  output: Output,
  flags: FoldsFlags,
  pairs: FoldPairs,
): Promise<{ pairs: FoldPairs; place: string; flipFile?: string; faces?: FaceRule }> {
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

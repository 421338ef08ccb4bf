import path from 'node:path';
import { ProtocolError, ShapeError } from '@retinabench/core';
import {
  diagnosePairs,
  diagnoseRates,
  diagnoseScores,
  digestFiles,
  indexTemplates,
  type PairSet,
  readLabels,
  readScores,
  subjectsOfPairs,
  verify,
} from '@retinabench/eval-ijbc';
import { formatProvenance } from '../record/provenance.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { reportDiagnoses } from './report-diagnoses.js';
import { subjectResampling, type VerificationFlags } from './verification-flags.js';
import {
  verificationFields,
  verificationFile,
  verificationFolder,
  verificationProtocol,
} from './verification-record.js';
import { formatVerification } from './verification-table.js';

/** The flags of a verification of scores made by anything. */
export interface ScoreFlags extends OutputFlags, VerificationFlags {
  readonly features?: string;
  readonly against?: string;
  readonly scores?: string;
  readonly labels?: string;
  readonly out?: string;
}

/**
 * Verify scores of pairs against their labels, print TAR and write the record.
 *
 * @throws as the readers and verify of eval-ijbc.
 */
export async function verifyScores(flags: ScoreFlags): Promise<void> {
  if (flags.scores === undefined || flags.labels === undefined) {
    throw new ProtocolError('ijbc verify: --scores FILE and --labels FILE belong together');
  }
  if (flags.features !== undefined || flags.against !== undefined) {
    throw new ProtocolError('ijbc verify: give either --features or --scores, not both; --against compares features');
  }
  if (flags.groups !== undefined) {
    throw new ProtocolError('--groups: needs the templates of the pairs; give --features with --meta');
  }
  await requireWritable(flags.out ?? path.join(verificationFolder, '*.json'), recordOutput);
  const scores = await readScores(flags.scores);
  const { labels, templateIds } = await readLabels(flags.labels);
  if (scores.length !== labels.length) {
    throw new ShapeError(
      `${flags.labels}: expected ${scores.length} labels, one for each score of ${flags.scores}, got ${labels.length}`,
    );
  }
  const set = templateIds === undefined ? undefined : pairsOfIds(templateIds, labels);
  const resampling = set === undefined ? undefined : subjectResampling(set, flags);
  const result = verify(scores, labels, resampling);
  const diagnoses = [
    ...(set === undefined ? [] : diagnosePairs({ place: flags.labels, labels, ...set })),
    ...diagnoseScores({ result, scores, labels, source: 'scores' }),
    ...diagnoseRates({ result, ...(resampling === undefined ? {} : { resampled: { ...resampling, labels } }) }),
  ];
  const warnings = reportDiagnoses(diagnoses, 'verify', flags.force === true);
  const output = outputOf(flags);
  const content: RecordContent = {
    kind: 'ijbc-verification',
    ...(warnings.length === 0 ? {} : { warnings }),
    dataset: {
      name: path.basename(flags.labels),
      images: 0,
      // The scores are what is measured; the labels are what it is measured on.
      sha256: await digestFiles([flags.labels]),
      notes: ['scores were given; the number of images is not known'],
    },
    protocol: verificationProtocol('given-scores'),
    ...verificationFields(result, {
      subjects: set?.subjects.count,
      drawn:
        set === undefined || resampling === undefined
          ? undefined
          : { resampling, seed: flags.seed, labels, ids: set.ids },
    }),
  };
  const { interval, resamples, seed } = flags;
  const place = verificationFile(flags.scores, content, interval ? { resamples, seed } : {});
  const record = await writeRecord(output, flags.out ?? place, content);
  printResult(
    output,
    `${formatVerification(result, flags.rule)}\nprotocol ${record.protocol.id}\n${formatProvenance(record)}`,
  );
}

function pairsOfIds(
  ids: { readonly left: Int32Array; readonly right: Int32Array },
  labels: Uint8Array,
): Pick<PairSet, 'pairs' | 'subjects'> & { readonly ids: Int32Array } {
  const all = new Int32Array(ids.left.length * 2);
  all.set(ids.left);
  all.set(ids.right, ids.left.length);
  const { ids: known, indexOf } = indexTemplates({ templateIds: all, mediaIds: all });
  const pairs = { left: ids.left.map(indexOf), right: ids.right.map(indexOf) };
  return { pairs, ids: known, subjects: subjectsOfPairs(known.length, pairs, labels) };
}

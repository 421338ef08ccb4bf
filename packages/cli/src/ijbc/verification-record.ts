import path from 'node:path';
import {
  type DrawnVerification,
  type Pairing,
  type PoolingOptions,
  resampledVerification,
  type TarDifference,
  type Verification,
} from '@retinabench/eval-ijbc';
import type { ProtocolSettings, ResultRecord } from '@retinabench/results';
import { recordFile } from '../record/record-file.js';
import type { RecordContent } from '../record/write.js';

/** Every setting that changes a 1:1 number, for the protocol of the record. */
export function verificationProtocol(pairing: Pairing | 'given-scores', pooling?: PoolingOptions): ProtocolSettings {
  return {
    task: 'verification',
    pairs: pairing,
    ...(pooling === undefined ? {} : { ...pooling, mediaPooling: 'mean, then sum' }),
    score: pooling === undefined ? 'given' : 'dot product, float64',
    tarRule: 'nearest',
  };
}

/** What there may be beside the result of a verification. */
interface VerificationExtras {
  readonly subjects?: number | undefined;
  readonly drawn?: Omit<DrawnVerification, 'result'> | undefined;
  readonly difference?: Readonly<Record<string, TarDifference>> | undefined;
  readonly facesNotFound?: number | undefined;
}

/** The result of a verification as the fields of a record. */
export function verificationFields(
  result: Verification,
  { subjects, drawn, difference, facesNotFound }: VerificationExtras,
): Pick<ResultRecord, 'tar' | 'tarNearestAll' | 'tarNotAbove' | 'roc' | 'scoreHistogram' | 'metrics' | 'resampled'> {
  return {
    ...(drawn === undefined ? {} : { resampled: resampledVerification({ result, ...drawn }) }),
    tar: result.tar.nearest,
    tarNearestAll: result.tar['nearest-all'],
    tarNotAbove: result.tar['not-above'],
    roc: result.roc,
    scoreHistogram: result.histogram,
    metrics: {
      eer: result.eer,
      auc: result.auc,
      'pairs.genuine': result.genuine,
      'pairs.impostor': result.impostors,
      ...(subjects === undefined ? {} : { subjects }),
      ...(facesNotFound === undefined ? {} : { facesNotFound }),
      ...differenceMetrics(difference),
    },
  };
}

function differenceMetrics(difference: Readonly<Record<string, TarDifference>> = {}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(difference).flatMap(
      ([
        target,
        {
          difference: value,
          interval: [low, high],
        },
      ]) => [
        [`difference.${target}`, value],
        [`difference.${target}.low`, low],
        [`difference.${target}.high`, high],
      ],
    ),
  );
}

/** Folder of the records of verifications, by default. */
export const verificationFolder = path.join('results', 'ijbc-verification');

/**
 * Where the record of a verification goes by default: named after the file of features or scores, and told apart by whatever
 * changes the record.
 *
 * @param flags what changes it beside protocol and data set; undefined values do not.
 */
export function verificationFile(
  file: string,
  content: RecordContent,
  flags: Readonly<Record<string, unknown>>,
): string {
  const stem = path.basename(file).replace(/\.[^.]*$/, '');
  return recordFile(verificationFolder, stem, content, { file: path.resolve(file), ...flags });
}

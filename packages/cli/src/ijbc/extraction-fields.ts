import { sha256Hex } from '@retinabench/core';
import { assertOwnFeatures, readExtraction } from '@retinabench/eval-ijbc';
import { flipRules } from '@retinabench/models';
import type { ProtocolSettings, ResultRecord } from '@retinabench/results';
import { describeOtherMachines } from '../queue/other-machines.js';
import { formatSpan } from '../record/resumed-notes.js';
import type { RecordContent } from '../record/write.js';
import type { PoolingMeans } from './pooling-flags.js';

/** What the record of a number says about the features that it is of. */
export interface ExtractionFields {
  /** The embedder, and what it ran on. */
  readonly made: Pick<RecordContent, 'model' | 'backend' | 'code' | 'runtimes'>;
  /** How the features were made, as far as it changes the number. */
  readonly settings: ProtocolSettings;
  readonly facesNotFound?: number;
  /** Over names and bytes of the images. */
  readonly imagesSha256?: string;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
}

/**
 * What `ijbc extract` wrote down beside the features; of features made by anything else, nothing.
 *
 * @throws {DatasetError} if it is there, and the features are others than those that it was written of.
 */
export async function extractionFields(features: string): Promise<ExtractionFields> {
  const about = readExtraction(features);
  if (about === undefined) return { made: {}, settings: {}, notes: [] };
  await assertOwnFeatures(features, about);
  const {
    detector,
    settings,
    embedder,
    backend,
    code,
    runtimes,
    facesNotFound,
    imagesSha256,
    extracted,
    otherMachines = [],
    images,
  } = about;
  return {
    made: { model: { id: embedder.id, sha256: embedder.sha256 }, backend, code, runtimes },
    settings: {
      'extraction.detector': detector?.id ?? 'none',
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`extraction.${name}`, value])),
    },
    facesNotFound,
    imagesSha256,
    notes: [`features extracted ${formatSpan(extracted)}`, ...describeOtherMachines(otherMachines, images.count)],
  };
}

/** What becomes of mirrored features as the embedder's card says, where an extraction wrote it down beside the features. */
export function recordedFlip(features: string): Pick<PoolingMeans, 'flip'> {
  const flip = flipRules.find((rule) => rule === readExtraction(features)?.settings.flip);
  return flip === undefined ? {} : { flip };
}

/**
 * The hashes of a data set whose lists are `listsSha256`, and whose images are known where features were extracted here.
 */
export function templateSetHashes(
  listsSha256: string,
  imagesSha256: string | undefined,
): Pick<NonNullable<ResultRecord['dataset']>, 'sha256' | 'groundTruthSha256' | 'imagesSha256'> {
  if (imagesSha256 === undefined) return { sha256: listsSha256, groundTruthSha256: listsSha256 };
  const both = `lists ${listsSha256}\nimages ${imagesSha256}\n`;
  return {
    sha256: sha256Hex(new TextEncoder().encode(both)),
    groundTruthSha256: listsSha256,
    imagesSha256,
  };
}

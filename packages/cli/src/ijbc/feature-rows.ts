import { DatasetError } from '@retinabench/core';
import { type Diagnosis, inspectRows } from '@retinabench/eval-ijbc';
import { printNote } from '../terminal/output.js';
import type { PoolingFlags } from './pooling-flags.js';

/** Where the features of images and of mirrored images are. */
export interface FeatureRows {
  readonly features: string;
  /** The file of the mirrored images' features. */
  readonly flipped?: string;
  /** Whether each row of `features` holds both: the image's feature, then the mirrored image's. */
  readonly halves: boolean;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
  readonly diagnoses: readonly Diagnosis[];
}

/**
 * Look at the rows of a feature file. The public scripts keep plain and mirrored feature side by side in one row and split
 * them by their code; taken for one feature, such a row silently gives the numbers of another code (concatenation).
 *
 * @throws {DatasetError} if the rows hold both halves and no flag says what becomes of the mirrored one, or its features
 * are given twice.
 */
export async function locateFeatures(
  features: string,
  flipped: string | undefined,
  flags: Pick<PoolingFlags, 'codes' | 'flip'>,
): Promise<FeatureRows> {
  const { layout, dimensions } = await inspectRows(features);
  if (layout === 'unclear') return { ...placeOf(features, flipped), diagnoses: [unclear(features, dimensions)] };
  if (layout === 'one') return { ...placeOf(features, flipped), diagnoses: [] };
  const seen = `${features}: plain and mirrored feature stand side by side in each row of ${dimensions} values`;
  if (flipped !== undefined) {
    throw new DatasetError(
      `${seen}, and the mirrored ones are given as ${flipped} too; leave that flag out, or give the first halves alone`,
    );
  }
  if (flags.codes === undefined && flags.flip === undefined) {
    throw new DatasetError(
      `${seen}, as the public scripts keep them; say what becomes of the mirrored half: --codes CODE --script NAME, or --flip none (first half alone), add (sum of both) or concat (the row as it is)`,
    );
  }
  const note = `${seen}: split into ${dimensions / 2} and ${dimensions / 2}`;
  printNote(note);
  return { features, halves: true, notes: [note], diagnoses: [] };
}

function placeOf(features: string, flipped: string | undefined): Omit<FeatureRows, 'diagnoses'> {
  return { features, ...(flipped === undefined ? {} : { flipped }), halves: false, notes: [] };
}

function unclear(place: string, dimensions: number): Diagnosis {
  return {
    code: 'features-halves-unclear',
    level: 'warning',
    evidence: `${place}: the halves of a row (${dimensions} values) are more alike than those of one feature, and less than plain and mirrored ones`,
    effect: 'the row is taken for one feature; if it holds both halves, the numbers are those of concatenation',
    fix: 'if it holds both, split it into --features and --features-flip',
  };
}

import { ProtocolError } from '@retinabench/core';
import { findMeta, type MetaFiles, readPoints } from '@retinabench/eval-ijbc';
import { type Output, printNote } from '../terminal/output.js';
import { embeddedTemplateSet } from './embedded-set.js';
import { defaultExtraction } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';
import type { MetaFlags } from './meta-flags.js';

/** Metadata and the features of its images. */
export interface ResolvedFeatures {
  readonly meta: MetaFiles;
  readonly features: string;
  readonly featuresFlip: string | undefined;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
}

/**
 * The metadata and features that the flags name; with neither, those of the embedded template set, extracted with the
 * embedded models.
 *
 * @throws {ProtocolError} if only one of `--meta` and `--features` is given.
 */
export async function resolveFeatures(output: Output, flags: MetaFlags, verb: string): Promise<ResolvedFeatures> {
  const folder = flags.meta ?? flags.data;
  if (folder === undefined && flags.features === undefined) return embeddedFeatures(output);
  if (folder === undefined || flags.features === undefined) {
    throw new ProtocolError(
      `ijbc ${verb} needs --meta DIR and --features FILE together; retinabench ijbc ${verb} --help has an example`,
    );
  }
  return {
    meta: await findMeta(folder, flags.prefix),
    features: flags.features,
    featuresFlip: flags.featuresFlip,
    notes: [],
  };
}

async function embeddedFeatures(output: Output): Promise<ResolvedFeatures> {
  const { folder, notes } = await embeddedTemplateSet();
  notes.forEach(printNote);
  const { files } = await runExtraction(output, { ...defaultExtraction, meta: folder }, undefined);
  return { meta: await findMeta(folder), features: files.features, featuresFlip: files.flipped, notes };
}

/** The detector scores of the images, if the metadata have them and they are asked for. */
export async function readDetectorScores(
  meta: MetaFiles,
  names: readonly string[],
  use: boolean,
): Promise<Float32Array | undefined> {
  return use && meta.points !== undefined ? (await readPoints(meta.points, names)).scores : undefined;
}

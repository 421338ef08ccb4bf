import { ProtocolError } from '@retinabench/core';
import { findMeta, type MetaFiles, readPoints } from '@retinabench/eval-ijbc';
import type { Command } from 'commander';
import { type Output, printNote } from '../terminal/output.js';
import { embeddedTemplateSet } from './embedded-set.js';
import { defaultExtraction } from './extraction-flags.js';
import { runExtraction } from './extraction-job.js';

/** The flags that say where metadata and features are. */
export interface MetaFlags {
  readonly meta?: string;
  readonly data?: string;
  readonly prefix?: string;
  readonly features?: string;
  readonly featuresFlip?: string;
}

/** Add the flags of metadata and features. */
export function addMetaFlags(command: Command): Command {
  return command
    .option('--meta <dir>', 'folder of the metadata: <prefix>_face_tid_mid.txt and so on (default: embedded set)')
    .option('--data <dir>', 'data set root, whose meta folder holds the metadata; or say --meta')
    .option('--prefix <name>', 'which data set, where the folder holds several: ijbc, ijbb, ...')
    .option('--features <file>', '.npy of shape (images, dimensions), in the order of the image list')
    .option('--features-flip <file>', 'the same of the mirrored images');
}

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

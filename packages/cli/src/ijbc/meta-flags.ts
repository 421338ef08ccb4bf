import { ProtocolError } from '@retinabench/core';
import { findMeta, type MetaFiles, readPoints } from '@retinabench/eval-ijbc';
import type { Command } from 'commander';

/** The flags that say where metadata and features are. */
export interface MetaFlags {
  readonly meta?: string;
  readonly prefix?: string;
  readonly features?: string;
  readonly featuresFlip?: string;
}

/** Add the flags of metadata and features. */
export function addMetaFlags(command: Command): Command {
  return command
    .option('--meta <dir>', 'folder of the metadata: <prefix>_face_tid_mid.txt and so on')
    .option('--prefix <name>', 'which data set, where the folder holds several: ijbc, ijbb, ...')
    .option('--features <file>', '.npy of shape (images, dimensions), in the order of the image list')
    .option('--features-flip <file>', 'the same of the mirrored images');
}

/**
 * The metadata that the flags name.
 *
 * @throws {ProtocolError} if `--meta` or `--features` is missing.
 */
export async function resolveMeta(flags: MetaFlags, verb: string): Promise<{ meta: MetaFiles; features: string }> {
  if (flags.meta === undefined || flags.features === undefined) {
    throw new ProtocolError(
      `ijbc ${verb} needs --meta DIR and --features FILE; retinabench ijbc ${verb} --help has an example`,
    );
  }
  return { meta: await findMeta(flags.meta, flags.prefix), features: flags.features };
}

/** The detector scores of the images, if the metadata have them and they are asked for. */
export async function readDetectorScores(
  meta: MetaFiles,
  names: readonly string[],
  use: boolean,
): Promise<Float32Array | undefined> {
  return use && meta.points !== undefined ? (await readPoints(meta.points, names)).scores : undefined;
}

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';

/** The metadata files of one data set; those that a folder lacks are absent. */
export interface MetaFiles {
  /** `ijbc`, `ijbb`, `lfw`, ... */
  readonly prefix: string;
  readonly images: string;
  readonly pairs?: string;
  readonly points?: string;
  /** Galleries in the order of their names: G1, G2 (IJB-C) or S1, S2 (IJB-B). */
  readonly galleries: readonly string[];
  readonly probes?: string;
}

const imagesSuffix = '_face_tid_mid.txt';

/**
 * Find the metadata of an IJB data set in a folder. The prefix of the files tells the data set: `ijbc_`, `ijbb_`, or
 * any other that follows the same names.
 *
 * @param folder the folder itself, or the one above its `meta` folder.
 * @param prefix which data set, where the folder holds several.
 * @throws {DatasetError} if the folder cannot be read, holds no `<prefix>_face_tid_mid.txt`, or more than one.
 */
export async function findMeta(folder: string, prefix?: string): Promise<MetaFiles> {
  const here = await listFolder(folder);
  if (!here.some((name) => name.endsWith(imagesSuffix)) && here.includes('meta')) {
    return findMeta(path.join(folder, 'meta'), prefix);
  }
  const prefixes = here
    .filter((name) => name.endsWith(imagesSuffix))
    .map((name) => name.slice(0, -imagesSuffix.length))
    .filter((found) => prefix === undefined || found === prefix)
    .sort();
  if (prefixes.length !== 1) {
    const found = prefixes.length === 0 ? 'none' : prefixes.join(', ');
    throw new DatasetError(
      `${folder}: expected one ${prefix ?? '<prefix>'}${imagesSuffix}, got ${found}; give the folder of the metadata${prefixes.length > 1 ? ', and the data set with --prefix' : ''}`,
    );
  }
  const [found] = prefixes;
  const at = (suffix: string): string | undefined =>
    here.includes(found + suffix) ? path.join(folder, found + suffix) : undefined;
  const optional = {
    pairs: at('_template_pair_label.txt'),
    points: at('_name_5pts_score.txt'),
    probes: at('_1N_probe_mixed.csv'),
  };
  return {
    prefix: found,
    images: path.join(folder, found + imagesSuffix),
    galleries: here
      .filter((name) => name.startsWith(`${found}_1N_gallery_`) && name.endsWith('.csv'))
      .sort()
      .map((name) => path.join(folder, name)),
    ...(optional.pairs === undefined ? {} : { pairs: optional.pairs }),
    ...(optional.points === undefined ? {} : { points: optional.points }),
    ...(optional.probes === undefined ? {} : { probes: optional.probes }),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new DatasetError(
      `${folder}: expected a folder with IJB metadata (${(cause as Error).message}); check the path`,
      { cause },
    );
  }
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { defaultCacheDir } from '@retinabench/files';
import { ensureMini } from './mini/ensure.js';
import { listWiderImages } from './wider/list.js';

/** Images of the complete WIDER FACE validation set. */
export const widerValImages = 3226;

/** The data set that a command runs on. */
export interface ResolvedDataset {
  readonly root: string;
  /** `mini`, `wider-val` for a root with WIDER FACE's image folder, else the folder's own name. */
  readonly name: string;
  /** Whether it is the embedded set, whose numbers are not WIDER FACE's. */
  readonly isEmbedded: boolean;
  /** Sentences that belong beside the result: which data set this is and how complete. */
  readonly notes: readonly string[];
}

/** Where to look; the defaults are this process's. */
export interface ResolveOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cacheDir?: string;
}

/**
 * Find the data set of a command: `--data`, else `RETINABENCH_DATA`, else the pulled WIDER FACE validation set in the
 * cache, else the embedded `mini`, which is built if it is not there yet. `mini` is also a name that `--data` takes.
 *
 * @param dataFlag the value of `--data`.
 * @throws {EnvironmentError} if the named root is missing, or `mini` cannot be built.
 * @throws {DatasetError} if the named root has no images.
 */
export async function resolveDataset(
  dataFlag: string | undefined,
  { env = process.env, cacheDir = defaultCacheDir(env) }: ResolveOptions = {},
): Promise<ResolvedDataset> {
  const named = dataFlag ?? (env.RETINABENCH_DATA || undefined);
  if (named !== undefined) {
    const origin = dataFlag === undefined ? 'RETINABENCH_DATA' : '--data';
    if (named === 'mini' && !(await exists(named))) return embedded(cacheDir, `asked for with ${origin}`);
    if (!(await exists(named))) {
      throw new EnvironmentError(
        `${named}: no such folder (${origin}); name a data set root, or run: retinabench datasets pull wider-val`,
      );
    }
    return describe(path.resolve(named), origin);
  }
  const pulled = path.join(cacheDir, 'datasets', 'wider-val');
  if (await exists(pulled)) return describe(pulled, 'pulled');
  return embedded(cacheDir, 'neither --data nor RETINABENCH_DATA is set, and WIDER FACE is not in the cache');
}

async function embedded(cacheDir: string, reason: string): Promise<ResolvedDataset> {
  return {
    root: await ensureMini({ cacheDir }),
    name: 'mini',
    isEmbedded: true,
    notes: [
      `data set: the embedded mini set (${reason}). It is not WIDER FACE: its numbers compare with other runs on mini alone.`,
    ],
  };
}

async function describe(root: string, origin: string): Promise<ResolvedDataset> {
  const count = (await listWiderImages(root)).length;
  const isMini = /^mini-[0-9a-f]{16}$/.test(path.basename(root));
  const isWider = !isMini && (await exists(path.join(root, 'WIDER_val')));
  const notes = [`data set: ${root} (${origin}), ${count} images.`];
  if (isMini) notes.push('It is the embedded mini set, not WIDER FACE.');
  else if (isWider && count !== widerValImages) {
    notes.push(`It has ${count} of the 3,226 images of WIDER FACE val: the numbers are of those alone.`);
  }
  return { root, name: isMini ? 'mini' : isWider ? 'wider-val' : path.basename(root), isEmbedded: isMini, notes };
}

async function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}

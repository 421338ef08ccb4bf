import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { defaultCacheDir } from '@retinabench/files';
import { ensureMini } from './mini/ensure.js';
import { loadPhotographs } from './mini/photographs.js';
import { miniRecipes } from './mini/recipes.js';
import { listWiderImages, type WiderImage } from './wider/list.js';
import { ownName } from './wider/own-name.js';
import { recogniseWiderVal, widerValImages } from './wider/recognise.js';
import { recogniseWiderTest } from './wider/recognise-test-set.js';

/** The data set that a command runs on. */
export interface ResolvedDataset {
  readonly root: string;
  /**
   * `mini`; `wider-val` or `wider-val-part` where its images are WIDER FACE val's or some of them; else the folder's own
   * name, or `own-set` where that would be taken for one of the others.
   */
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
 * cache, else the embedded `mini`, which is built if it is not there yet. `mini`, and `wider-val` and `wider-test` where they are in the cache, are also
 * names that `--data` takes.
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
    const inCache = path.join(cacheDir, 'datasets', named);
    if (/^wider-(val|test)$/.test(named) && !(await exists(named)) && (await exists(inCache))) {
      return describe(inCache, `${origin}, pulled`);
    }
    if (!(await exists(named))) {
      throw new EnvironmentError(
        `${named}: no such folder (${origin}); name a data set root, or run: retinabench datasets pull ${named === 'wider-test' ? named : 'wider-val'}`,
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
  const images = await listWiderImages(root);
  const summary = `data set: ${root} (${origin}), ${images.length} images`;
  if (isMini(root, images)) {
    return {
      root,
      name: 'mini',
      isEmbedded: true,
      notes: [`${summary}.`, 'It is the embedded mini set, not WIDER FACE.'],
    };
  }
  const test = await recogniseWiderTest(root, images);
  if (test !== undefined) return { root, isEmbedded: false, name: test.name, notes: [`${summary}, ${test.evidence}.`] };
  const { kind, evidence } = await recogniseWiderVal(images);
  const notes = [`${summary}, ${evidence}.`];
  if (kind === 'part') {
    notes.push(
      `It has ${images.length} of the ${widerValImages.toLocaleString('en')} images of WIDER FACE val: the numbers are of those alone.`,
    );
  }
  const name = { whole: 'wider-val', part: 'wider-val-part', altered: ownName(root), other: ownName(root) }[kind];
  return { root, name, isEmbedded: false, notes };
}

/** The embedded set is told by the name that its build gave it and by the names of its images. */
function isMini(root: string, images: readonly WiderImage[]): boolean {
  if (!/^mini-[0-9a-f]{16}$/.test(path.basename(root))) return false;
  const names = new Set(miniRecipes(loadPhotographs()).map(({ event, image }) => `${event}/${image}`));
  return images.length === names.size && images.every(({ event, image }) => names.has(`${event}/${image}`));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

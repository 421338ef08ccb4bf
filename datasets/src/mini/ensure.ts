import { createHash } from 'node:crypto';
import { chmod, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, EnvironmentError } from '@retinabench/core';
import { defaultCacheDir, isFolder, makeDraftFolder, makeFolder, writeAdvice } from '@retinabench/files';
import { type AnnotatedPhotograph, loadPhotographs, photographFolder } from './photographs.js';
import { miniRecipes } from './recipes.js';
import { faceTruths } from './truth.js';

/** Where to build, and from what. */
export interface MiniOptions {
  /** Default: `defaultCacheDir()`. */
  readonly cacheDir?: string;
}

/**
 * The root of the embedded data set `mini`, built on first use: `<cache>/datasets/mini-<hash>`, where the hash covers
 * recipes, ground truth, photographs and the version of libvips, on which the bytes depend. It becomes visible whole
 * or not at all, and two processes may build it at once.
 *
 * @throws {EnvironmentError} if the photographs are not those that were annotated, or the cache cannot be written.
 */
export async function ensureMini(options: MiniOptions = {}): Promise<string> {
  const photographs = loadPhotographs();
  const sourceFolder = photographFolder();
  await checkPhotographs(photographs, sourceFolder);
  const parent = path.join(options.cacheDir ?? defaultCacheDir(), 'datasets');
  const name = `mini-${await recipeHash(photographs)}`;
  const root = path.join(parent, name);
  if (await isFolder(root)) return root;
  try {
    await makeFolder(parent);
    const building = await makeDraftFolder(parent, name);
    try {
      const { buildMini } = await import('./build.js');
      await buildMini(building, photographs, sourceFolder);
      await chmod(building, 0o755);
      await publish(building, root);
    } finally {
      await rm(building, { recursive: true, force: true });
    }
  } catch (cause) {
    throw new EnvironmentError(
      `${root}: cannot build the embedded data set (${(cause as Error).message}); ${writeAdvice(cause, 'set RETINABENCH_CACHE to a folder that can be written')}`,
      { cause },
    );
  }
  return root;
}

/** Everything that decides the bytes, as 16 hex digits; the photographs count by the hashes beside their annotations. */
async function recipeHash(photographs: readonly AnnotatedPhotograph[]): Promise<string> {
  const { default: sharp } = await import('sharp');
  const recipes = miniRecipes(photographs);
  const truth = recipes.map((recipe) => faceTruths(recipe, photographs));
  const hash = createHash('sha256');
  hash.update(
    canonicalJson({ photographs, recipes, truth, vips: sharp.versions.vips, mozjpeg: sharp.versions.mozjpeg }),
  );
  return hash.digest('hex').slice(0, 16);
}

async function checkPhotographs(photographs: readonly AnnotatedPhotograph[], folder: string): Promise<void> {
  for (const { file, sha256 } of photographs) {
    const source = path.join(folder, file);
    const bytes = await readFile(source).catch((cause: Error) => {
      throw new EnvironmentError(
        `${source}: cannot read a photograph of the embedded data set (${cause.message}); run npm ci`,
        {
          cause,
        },
      );
    });
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== sha256) {
      throw new EnvironmentError(
        `${source}: not the annotated photograph (expected sha256 ${sha256}, got ${actual}); npm ci restores it`,
      );
    }
  }
}

/** Move the finished folder into place; if another process was first, its equal result stays. */
async function publish(building: string, root: string): Promise<void> {
  try {
    await rename(building, root);
  } catch (error) {
    if (!(await isFolder(root))) throw error;
  }
}

import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { isFolder } from '@retinabench/files';
import { annotatedImages } from './annotated-images.js';
import type { DatasetCheck, DatasetProblem } from './dataset-check.js';
import { decodeAll } from './decode-all.js';
import { detectLayout } from './layout.js';
import { listImageFiles } from './list-files.js';
import { readReceipt } from './receipt.js';
import { shellQuote } from './shell-quote.js';

/** How to check. */
export interface CheckOptions {
  /** Compare names only, decode nothing. */
  readonly quick?: boolean;
  /** Told how many of the images have been decoded. */
  readonly onImage?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Find out what of a data set is complete, missing, corrupt or in the wrong place, and how to fix it.
 *
 * @throws {EnvironmentError} if there is no such folder.
 * @throws {DatasetError} if its annotation cannot be read.
 * Cost: every image is decoded once, unless `quick`.
 */
export async function checkDataset(
  root: string,
  { quick = false, onImage, signal }: CheckOptions = {},
): Promise<DatasetCheck> {
  if (!(await isFolder(root))) throw new EnvironmentError(`${root}: no such folder; name a data set root`);
  const { kind, imageFolder, annotation, problems: layoutProblems } = await detectLayout(root);
  const present = imageFolder === undefined ? [] : await listImageFiles(imageFolder);
  const named = annotation === undefined || kind === 'unknown' ? undefined : await annotatedImages(annotation);
  const known = new Set(named).size;
  const { missing, unexpected } = compare(named, present);
  const corrupt =
    quick || imageFolder === undefined
      ? []
      : await decodeAll(imageFolder, present, onImage && ((done) => onImage(done, present.length)), signal);
  const problems: DatasetProblem[] = [...layoutProblems];
  const fix = await fixCommand(root, kind);
  if (imageFolder !== undefined && present.length === 0) {
    problems.push({ what: `${path.relative(root, imageFolder)} has no images`, fix });
  } else if (missing.length > 0) {
    problems.push({ what: `${count(missing.length)} of ${count(known)} images are missing`, fix });
  }
  if (corrupt.length > 0) problems.push({ what: `${count(corrupt.length)} images do not decode`, fix });
  return {
    root,
    kind,
    present: present.length,
    ...(named && { expected: known }),
    missing,
    unexpected,
    corrupt,
    decoded: !quick,
    problems,
    complete: problems.length === 0,
  };
}

function compare(
  named: readonly string[] | undefined,
  present: readonly string[],
): { missing: string[]; unexpected: string[] } {
  if (named === undefined) return { missing: [], unexpected: [] };
  const there = new Set(present);
  const known = new Set(named);
  return {
    missing: [...known].filter((name) => !there.has(name)),
    unexpected: present.filter((name) => !known.has(name)),
  };
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** A pulled data set is pulled again; of any other the missing part has to come from where it came from, or all anew. */
async function fixCommand(root: string, kind: DatasetCheck['kind']): Promise<string> {
  const receipt = await readReceipt(root);
  if (receipt !== undefined) return `retinabench datasets pull ${receipt.name} --fresh --accept-licence`;
  if (/^mini-[0-9a-f]{16}$/.test(path.basename(root)))
    return `rm -r ${shellQuote(root)} (it is built again when needed)`;
  const name = kind === 'verification' ? 'lfw' : 'wider-val';
  return `retinabench datasets pull ${name} --accept-licence (into the cache), or copy the images from where the others came from`;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { isFile } from '@retinabench/files';
import { fetchBlob } from '../blobs/fetch-blob.js';
import type { BlobSource } from '../messages/run-setup.js';
import type { UnitImage } from '../messages/unit.js';
import { makePrivateFolder } from './private-folder.js';
import type { LocatedImage } from './worker-kind.js';

/** Images that are fetched at a time. */
const fetchesAtOnce = 4;

/** Where a worker has images. */
export interface ImagePlaces {
  /** Folders that images lie below here; none: all are fetched. */
  readonly roots: readonly string[];
  /** Of the run's coordinator; absent: all must lie here. */
  readonly source?: BlobSource;
  /** Folder for those that are fetched; of this process alone, made when needed and removed at the end. */
  readonly scratch: string;
}

/**
 * The files of images: below the root, or fetched into the scratch folder.
 *
 * @param fetchAll also those that lie below the root: their bytes there are others.
 * @throws {DatasetError} if an image is not here and cannot be fetched.
 * @throws {BackendError} as fetchBlob.
 * @throws {EnvironmentError} if one that was fetched cannot be kept.
 */
export async function locateImages(
  images: readonly UnitImage[],
  { roots, source, scratch }: ImagePlaces,
  fetchAll = false,
): Promise<LocatedImage[]> {
  const located: LocatedImage[] = [];
  for (let start = 0; start < images.length; start += fetchesAtOnce) {
    const block = images.slice(start, start + fetchesAtOnce);
    located.push(
      ...(await Promise.all(
        block.map(async (image) => {
          const { name, numbers } = image;
          const own = fetchAll ? undefined : await ownFile(roots, image);
          const file = own ?? (await fetched(image, roots, source, scratch));
          return { name, file, ...(numbers === undefined ? {} : { numbers }) };
        }),
      )),
    );
  }
  return located;
}

/** The file below a root, if it is there; below several, the one that has its bytes. */
async function ownFile(roots: readonly string[], { path: place, sha256 }: UnitImage): Promise<string | undefined> {
  if (place === undefined) return undefined;
  const files: string[] = [];
  for (const root of roots) {
    const file = path.join(root, ...place.split('/'));
    if (await isFile(file)) files.push(file);
  }
  if (files.length < 2) return files[0];
  for (const file of files) if ((await hashOf(file)) === sha256) return file;
  return files[0];
}

async function fetched(
  { name, path: place, sha256 }: UnitImage,
  roots: readonly string[],
  source: BlobSource | undefined,
  scratch: string,
): Promise<string> {
  if (source === undefined) {
    const where = roots.length === 0 ? 'no --data names a folder' : `no ${place ?? name} below ${roots.join(', ')}`;
    throw new DatasetError(
      `image ${name}: expected it on this machine, got ${where}; name the folder of the same images with --data DIR, or let the coordinator send them with --serve-images`,
    );
  }
  const bytes = await fetchBlob(source, sha256);
  const file = path.join(
    scratch,
    `${sha256}${path
      .extname(place ?? name)
      .replace(/[^.\w]/g, '')
      .slice(0, 16)}`,
  );
  try {
    // Images that others of this machine may have no right to see.
    await makePrivateFolder(scratch);
    await writeFile(file, bytes);
    return file;
  } catch (cause) {
    await rm(file, { force: true }).catch(() => undefined);
    throw new EnvironmentError(
      `${scratch}: cannot keep the image ${name}, which was fetched (${(cause as Error).message}); make room there, remove what has its place, or name another folder by TMPDIR, and start the worker again`,
      { cause },
    );
  }
}

/** Remove the files that were fetched. */
export async function removeFetched(located: readonly LocatedImage[], scratch: string): Promise<void> {
  for (const { file } of located) if (path.dirname(file) === scratch) await rm(file, { force: true });
}

/** Which of the images here have other bytes than the coordinator's: names with both hashes. */
export async function differingImages(
  images: readonly UnitImage[],
  located: readonly LocatedImage[],
): Promise<string[]> {
  const texts: string[] = [];
  for (const [index, { name, sha256 }] of images.entries()) {
    const here = await hashOf(located[index].file);
    if (here !== sha256) texts.push(differenceText(name, here, sha256));
  }
  return texts;
}

/** How a difference in the bytes of an image is said. */
export function differenceText(name: string, here: string | undefined, asked: string): string {
  return `image ${name}: ${here === undefined ? 'no file' : `bytes ${here.slice(0, 12)}`} here, ${asked.slice(0, 12)} at the coordinator`;
}

async function hashOf(file: string): Promise<string | undefined> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatasetError, EnvironmentError, isRetinaBenchError, ProtocolError } from '@retinabench/core';
import { isFile, isFolder, makeFolder } from '@retinabench/files';
import { listImageFiles } from '../check/list-files.js';
import { type Receipt, readReceipt, receiptName } from '../check/receipt.js';
import { requireDiskSpace } from '../download/disk-space.js';
import { type DownloadAllOptions, downloadAll } from '../download/download-all.js';
import type { DownloadedFile } from '../download/download-file.js';
import { withMirrors } from '../download/mirror.js';
import type { Manifest, ManifestFile } from '../manifest/manifest.js';
import { unpackArchive } from '../unpack/unpack.js';
import { arrangeGated } from './arrange.js';
import { lfwVerificationFiles } from './lfw-pairs.js';

/** How to pull. */
export interface PullOptions extends Pick<DownloadAllOptions, 'retry' | 'signal' | 'onNote' | 'parallel'> {
  readonly cacheDir: string;
  /** The user has read the licence and agrees. */
  readonly acceptLicence: boolean;
  /** Bases of mirrors, tried before the manifest's URLs. */
  readonly mirrors?: readonly string[];
  /** A folder with files that the user downloaded; tried before everything else. */
  readonly from?: string;
  /** Pull again although it is there. */
  readonly fresh?: boolean;
  /** Receives the progress of each phase; a phase's total may grow. */
  readonly onProgress?: (phase: 'download' | 'unpack', doneBytes: number, totalBytes: number) => void;
}

/** A data set in the cache. */
export interface PulledDataset {
  readonly root: string;
  /** Empty if it was there already, or came from a gated folder. */
  readonly files: readonly DownloadedFile[];
  readonly alreadyThere: boolean;
}

/**
 * Pull a data set into the cache: check licence and disk, download, unpack beside its place, check the result, and
 * only then publish it as `<cache>/datasets/<name>`. Interrupted at any moment, it leaves either no data set or a whole one,
 * and the next call resumes the downloads where this one stopped. A data set is pulled by one process at a time.
 *
 * @throws {ProtocolError} if the licence is not accepted.
 * @throws {EnvironmentError} if something cannot be had, written, or is gated.
 * @throws {DatasetError} if what came is not what the manifest says.
 */
export async function pullDataset(manifest: Manifest, options: PullOptions): Promise<PulledDataset> {
  const root = path.join(options.cacheDir, 'datasets', manifest.name);
  const downloads = path.join(options.cacheDir, 'downloads', manifest.name);
  if (options.fresh !== true && (await readReceipt(root)) !== undefined) {
    await rm(downloads, { recursive: true, force: true });
    return { root, files: [], alreadyThere: true };
  }
  if (manifest.gate !== undefined && options.from === undefined) {
    const steps = manifest.gate.steps.map((step, index) => `\n  ${index + 1}. ${step}`);
    throw new EnvironmentError(`${manifest.name}: given on application only.${steps.join('')}`);
  }
  if (!options.acceptLicence) {
    const { name, url, summary } = manifest.licence;
    throw new ProtocolError(
      `${manifest.name}: licence: ${name} (${url}). ${summary} If you agree, add --accept-licence.`,
    );
  }
  if (options.from !== undefined && !(await isFolder(options.from))) {
    throw new EnvironmentError(`${options.from}: no such folder (--from); name the folder that has the files`);
  }
  const parent = path.dirname(root);
  const archivesBytes = manifest.files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  await requireDiskSpace(parent, archivesBytes + manifest.unpackedBytes);
  const files = await download(manifest, downloads, options);
  await makeFolder(parent);
  await removeAbandoned(parent, manifest.name);
  const staging = await mkdtemp(path.join(parent, `.${manifest.name}-`));
  try {
    if (options.from !== undefined) await arrangeGated(manifest, options.from, staging);
    await unpackAll(manifest, files, staging, options);
    await derive(manifest, staging);
    await requireExpected(manifest, staging);
    await writeFile(path.join(staging, receiptName), `${JSON.stringify(receiptOf(manifest, files))}\n`);
    await chmod(staging, 0o755);
    await replace(staging, root);
  } catch (cause) {
    throw explain(root, cause);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  await rm(downloads, { recursive: true, force: true });
  return { root, files, alreadyThere: false };
}

async function download(manifest: Manifest, folder: string, options: PullOptions): Promise<DownloadedFile[]> {
  const { mirrors = [], from, onProgress, retry, signal, onNote, parallel } = options;
  const files = manifest.files.map((file) => {
    const mirrored = withMirrors(file, manifest.name, mirrors);
    return from === undefined
      ? mirrored
      : { ...mirrored, urls: [pathToFileURL(path.join(from, file.name)).href, ...mirrored.urls] };
  });
  return downloadAll(files, {
    folder,
    pinFolder: path.join(options.cacheDir, 'pins', manifest.name),
    ...(retry && { retry }),
    ...(signal && { signal }),
    ...(onNote && { onNote }),
    ...(parallel !== undefined && { parallel }),
    onBytes: (doneBytes, totalBytes) => onProgress?.('download', doneBytes, totalBytes),
  });
}

async function unpackAll(
  manifest: Manifest,
  files: readonly DownloadedFile[],
  root: string,
  { onProgress, signal }: PullOptions,
): Promise<void> {
  let before = 0;
  for (const [index, file] of manifest.files.entries()) {
    signal?.throwIfAborted();
    before += await unpackOne(file, files[index].file, root, (doneBytes) =>
      onProgress?.('unpack', before + doneBytes, manifest.unpackedBytes),
    );
  }
}

async function unpackOne(
  { unpack, place }: ManifestFile,
  archive: string,
  root: string,
  onBytes: (doneBytes: number) => void,
): Promise<number> {
  let written = 0;
  if (unpack !== undefined) {
    await unpackArchive(archive, unpack.format, root, {
      rules: unpack.rules,
      limits: { bytes: unpack.largestBytes, entries: unpack.largestEntries },
      onBytes: (doneBytes) => {
        written = doneBytes;
        onBytes(doneBytes);
      },
    });
  } else if (place !== undefined) {
    const target = path.join(root, place);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(archive, target);
    written = (await stat(target)).size;
    onBytes(written);
  }
  return written;
}

async function derive({ derive }: Manifest, root: string): Promise<void> {
  if (derive !== 'lfw-pairs') return;
  const { tidMid, pairLabel } = lfwVerificationFiles(await readFile(path.join(root, 'pairs.txt'), 'utf8'));
  await writeFile(path.join(root, 'lfw_face_tid_mid.txt'), tidMid);
  await writeFile(path.join(root, 'lfw_template_pair_label.txt'), pairLabel);
}

async function requireExpected({ name, expected }: Manifest, root: string): Promise<void> {
  const missing: string[] = [];
  for (const file of expected.files) {
    if (!(await isFile(path.join(root, file)))) missing.push(file);
  }
  const images = (await listImageFiles(path.join(root, expected.imageFolder))).length;
  if (missing.length > 0 || images !== expected.images) {
    throw new DatasetError(
      `${name}: unpacked to ${images} images (expected ${expected.images})${missing.length > 0 ? ` without ${missing.join(', ')}` : ''}; report it: the manifest and the archives disagree`,
    );
  }
}

/** What the system said while the data set was put together, such as a full disk, as an error that says how to go on. */
function explain(root: string, cause: unknown): unknown {
  const { code, syscall, message } = cause as NodeJS.ErrnoException;
  if (isRetinaBenchError(cause) || code === undefined || syscall === undefined) return cause;
  const next = code === 'ENOSPC' ? 'free some disk space' : 'set RETINABENCH_CACHE to a folder that can be written';
  return new EnvironmentError(`${root}: cannot write (${message}); ${next} and run it again`, { cause });
}

/** Remove what killed calls had unpacked; no other call is running. */
async function removeAbandoned(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(`.${name}-`)) await rm(path.join(parent, entry), { recursive: true, force: true });
  }
}

function receiptOf({ name, licence }: Manifest, files: readonly DownloadedFile[]): Receipt {
  return {
    name,
    pulledAt: new Date().toISOString(),
    licence: licence.name,
    files: files.map(({ name: file, sha256, sizeBytes, verifiedBy }) => ({
      name: file,
      sha256,
      sizeBytes,
      verifiedBy,
    })),
  };
}

/** Put the finished folder in its place, moving an older one out of the way first. */
async function replace(staging: string, root: string): Promise<void> {
  const old = `${staging}-old`;
  const hadOld = await rename(root, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(staging, root);
  } catch (cause) {
    if (hadOld) await rename(old, root);
    throw new EnvironmentError(
      `${root}: cannot put the data set in place (${(cause as Error).message}); run it again`,
      { cause },
    );
  }
  await rm(old, { recursive: true, force: true });
}

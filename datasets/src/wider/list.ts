import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core/basics';
import { isFolder } from '@retinabench/files/basics';
import { unsafePathReason } from '../unpack/unsafe-path.js';

/** An image of a data set in WIDER FACE's layout. */
export interface WiderImage {
  /** Its folder, in Unicode's composed form (NFC): `0--Parade`. */
  readonly event: string;
  /** Its name without extension, in NFC: `0_Parade_marchingband_1_465`. */
  readonly image: string;
  /** Where it lies. */
  readonly file: string;
}

/**
 * An event and its images whose names are letters, digits and what stands in most names, all with the same extension: they are in
 * NFC, no two of them are the same image, and they can be written down.
 */
const plainEvent = /^\w[\w\-. ]*$/;
const plainImage = /^\w[\w\-. ]*\.jpg$/;

/** Where the images lie below a root, in the order tried. */
const imageFolders = ['WIDER_val/images', 'WIDER_test/images', 'images'];

/**
 * The folder below `root` that holds the event folders: `WIDER_val/images`, else `WIDER_test/images`, or `images` when `root` is
 * `WIDER_val` or `WIDER_test` itself.
 *
 * @throws {EnvironmentError} if there is no such root.
 * @throws {DatasetError} if it holds neither.
 */
async function widerImageFolder(root: string): Promise<string> {
  if (!(await isFolder(root))) {
    throw new EnvironmentError(
      `${root}: no such folder; name a data set root with --data, or leave it out for the embedded one`,
    );
  }
  for (const folder of imageFolders) {
    const images = path.join(root, folder);
    if (await isFolder(images)) return images;
  }
  throw new DatasetError(
    `${root}: no images found (expected ${imageFolders[0]}/<event>/<image>.jpg); run: retinabench datasets check ${root}`,
  );
}

/**
 * Every image below `root`, sorted by event and name (code-point order, which is the same on every machine). Hidden
 * folders, as `.ipynb_checkpoints`, other files, folders, pipes and devices are passed over.
 *
 * @throws {EnvironmentError} if there is no such root.
 * @throws {DatasetError} if it has no image, or one whose name cannot be written down: with a backslash or a control
 * character it would be another name in a log, a list or a prediction file.
 * Cost: one directory read an event.
 */
export async function listWiderImages(root: string): Promise<WiderImage[]> {
  const folder = await widerImageFolder(root);
  const images: WiderImage[] = [];
  const seen = new Map<string, Set<string>>();
  for (const event of (await readdir(folder)).sort()) {
    const eventFolder = path.join(folder, event);
    if (event.startsWith('.') || !(await isFolder(eventFolder))) continue;
    const composed = event.normalize('NFC');
    const ofEvent = seen.get(composed) ?? new Set<string>();
    seen.set(composed, ofEvent);
    const names = await fileNames(eventFolder);
    if (plainEvent.test(event) && names.every((name) => plainImage.test(name))) {
      for (const name of names) {
        images.push({ event, image: name.slice(0, -'.jpg'.length), file: `${eventFolder}${path.sep}${name}` });
      }
      continue;
    }
    for (const name of names) {
      const image = /^(.+)\.jpe?g$/is.exec(name)?.[1];
      if (image === undefined || name.startsWith('.')) continue;
      const reason = unsafePathReason(`${event}/${name}`);
      if (reason !== undefined) {
        throw new DatasetError(`${folder}: image ${JSON.stringify(`${event}/${name}`)} ${reason}; rename it`);
      }
      const found = { event: composed, image: image.normalize('NFC'), file: `${eventFolder}${path.sep}${name}` };
      addDistinct(ofEvent, found, folder);
      images.push(found);
    }
  }
  if (images.length === 0) {
    throw new DatasetError(`${folder}: empty (expected <event>/<image>.jpg); run: retinabench datasets check ${root}`);
  }
  return images;
}

/** Add the name of an image to those of its event. */
function addDistinct(seen: Set<string>, { event, image }: WiderImage, folder: string): void {
  if (seen.has(image)) {
    throw new DatasetError(
      `${folder}: expected each image once, got ${event}/${image} twice: with two extensions, or the same name in two forms of Unicode; remove one`,
    );
  }
  seen.add(image);
}

/** Names of files, links to files and dangling links, sorted; a pipe or a device would block its reader. */
async function fileNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() || (entry.isSymbolicLink() && (await mayBeFile(path.join(folder, entry.name))))) {
      names.push(entry.name);
    }
  }
  return names.sort();
}

/** A dangling link counts as a missing image; decoding reports it. */
async function mayBeFile(link: string): Promise<boolean> {
  return stat(link).then(
    (stats) => stats.isFile(),
    () => true,
  );
}

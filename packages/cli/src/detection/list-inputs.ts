import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageTask } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { unsafePathReason } from '@retinabench/datasets';
import picomatch from 'picomatch';

/** Image files as a folder is searched for them; a file that is named itself may end with anything. */
const imageName = /\.(jpe?g|jpe|png|webp|gif|tiff?|avif)$/i;

/** Files that hold moving pictures. */
const videoName = /\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|wmv|flv|ts|mts|3gp)$/i;

/** What the inputs of a command name. */
export interface InputFiles {
  /** The folder that all lie in; names are relative to it. */
  readonly root: string;
  /** Sorted by name, each file once. */
  readonly images: readonly ImageTask[];
  /** Videos that are named themselves. */
  readonly videos: readonly string[];
  /** Files whose name cannot be written down, with the reason. */
  readonly unusable: readonly { readonly image: string; readonly message: string }[];
  /** What was passed over. */
  readonly notes: readonly string[];
}

/** Whether a file is a video by its name. */
function isVideo(file: string): boolean {
  return videoName.test(file);
}

/**
 * Find the images that files, folders and globs name. Folders are searched with all that lies below them, except hidden files
 * and folders (`.ipynb_checkpoints`) and links to folders.
 *
 * @param inputs at least one; a path that exists is taken as it is, whatever characters it has.
 * @throws {DatasetError} if an input names nothing, a folder or glob holds no image, or two files have one name in two forms of
 * Unicode.
 * Cost: one directory read a folder.
 */
export async function listInputs(inputs: readonly string[]): Promise<InputFiles> {
  const found = await Promise.all(inputs.map(filesOf));
  const files = new Map<string, string>();
  const videos = new Set<string>();
  for (const input of found) {
    for (const file of input.files) {
      if (input.named && isVideo(file)) videos.add(file);
      else files.set(await realpath(file).catch(() => file), file);
    }
  }
  const root = commonFolder(found.map(({ base }) => base));
  const images: ImageTask[] = [];
  const unusable: { image: string; message: string }[] = [];
  for (const file of files.values()) {
    const image = path.relative(root, file).split(path.sep).join('/').normalize('NFC');
    const reason = unsafePathReason(image);
    if (reason === undefined) images.push({ image, file });
    else unusable.push({ image, message: `its name ${reason}; rename it` });
  }
  images.sort((a, b) => (a.image < b.image ? -1 : 1));
  const twice = images.find(({ image }, index) => image === images[index + 1]?.image);
  if (twice !== undefined) {
    throw new DatasetError(
      `${root}: expected each image once, got ${twice.image} twice: the same name in two forms of Unicode; remove one`,
    );
  }
  const passedOver = found.reduce((sum, { videosPassedOver }) => sum + videosPassedOver, 0);
  const ownFolders = found.reduce((sum, input) => sum + input.ownFolders, 0);
  const notes = [
    ...(passedOver > 0
      ? [`${passedOver} videos in folders are passed over; detect takes a video that is named itself`]
      : []),
    ...(ownFolders > 0 ? [`${ownFolders} folders that retinabench filled itself are passed over`] : []),
  ];
  return { root, images, videos: [...videos], unusable, notes };
}

interface FoundFiles {
  /** Folder that names are relative to. */
  readonly base: string;
  readonly files: readonly string[];
  /** The input is a file itself. */
  readonly named: boolean;
  readonly videosPassedOver: number;
  /** Folders that the program filled itself. */
  readonly ownFolders: number;
}

async function filesOf(input: string): Promise<FoundFiles> {
  const place = path.resolve(input);
  const stats = await stat(place).catch(() => undefined);
  if (stats?.isFile())
    return { base: path.dirname(place), files: [place], named: true, videosPassedOver: 0, ownFolders: 0 };
  if (stats?.isDirectory()) return searched(input, place, () => true);
  if (stats !== undefined) {
    throw new DatasetError(
      `${input}: expected an image or a folder, got a pipe or device; name a file, or give the bytes on standard input with -`,
    );
  }
  const pattern = input.split(path.sep).join('/');
  const { base, isGlob } = picomatch.scan(pattern);
  if (!isGlob) {
    throw new DatasetError(`${input}: expected an image, a folder or a glob, got nothing of that name; check the path`);
  }
  const folder = path.resolve(base);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new DatasetError(`${input}: expected a glob below a folder, got no folder ${folder}; check the path`);
  }
  const matches = picomatch(path.resolve(pattern).split(path.sep).join('/'), { nocase: false });
  return searched(input, folder, (file) => matches(file.split(path.sep).join('/')));
}

async function searched(input: string, folder: string, wanted: (file: string) => boolean): Promise<FoundFiles> {
  const found = await filesBelow(folder);
  const all = found.files.filter(wanted);
  const files = all.filter((file) => imageName.test(file));
  if (files.length === 0) {
    throw new DatasetError(
      `${input}: expected images (.jpg, .png, .webp, .gif, .tif, .avif), got ${all.length} files of which none ends so; check the path, or name a file itself`,
    );
  }
  return { base: folder, files, named: false, videosPassedOver: all.filter(isVideo).length, ownFolders: found.own };
}

/** Marks of folders that the program filled itself: pictures that were drawn are no photographs, though they lie among them. */
const ownMarks: ReadonlySet<string> = new Set(['.retinabench', '.retinabench-files']);

/**
 * Files and links to files below a folder, hidden ones left out, and how many folders the program filled itself, which are
 * passed over. A dangling link counts: decoding reports it.
 */
async function filesBelow(folder: string): Promise<{ readonly files: string[]; readonly own: number }> {
  const files: string[] = [];
  let own = 0;
  const open = [folder];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const entries = await entriesOf(place);
    if (place !== folder && entries.some(({ name }) => ownMarks.has(name))) {
      own++;
      continue;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const file = path.join(place, entry.name);
      if (entry.isDirectory()) open.push(file);
      else if (entry.isFile() || (entry.isSymbolicLink() && !(await isOther(file)))) files.push(file);
    }
  }
  return { files: files.sort(), own };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new DatasetError(
      `${folder}: cannot be read (${(cause as Error).message}); make it readable, or leave it out`,
      {
        cause,
      },
    );
  }
}

/** Whether a link leads to something else than a file: a folder, a pipe. */
async function isOther(link: string): Promise<boolean> {
  return stat(link).then(
    (stats) => !stats.isFile(),
    () => false,
  );
}

/** The deepest folder that holds all of these. */
function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(shared.endsWith(path.sep) ? shared : shared + path.sep)) {
      shared = path.dirname(shared);
    }
    return shared;
  });
}

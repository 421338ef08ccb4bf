import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import type { ArrangedPart, Manifest } from '../manifest/manifest.js';

/**
 * Put together a data set that the user applied for and downloaded: folders are linked, since they are large and remain
 * the user's, texts are copied; each is counted.
 *
 * @param manifest one without a gate has nothing to arrange.
 * @param from the user's folder.
 * @param root an existing folder that becomes the data set.
 * @throws {DatasetError} if a part is missing or of another size; every problem is named at once.
 */
export async function arrangeGated(manifest: Manifest, from: string, root: string): Promise<void> {
  const problems: string[] = [];
  for (const part of manifest.gate?.arrange ?? []) {
    const found = await firstExisting(from, part);
    if (found === undefined) {
      problems.push(`${part.from.join(' or ')} is missing`);
      continue;
    }
    const count = part.kind === 'folder' ? await countImages(found) : await countLines(found);
    const unit = part.kind === 'folder' ? 'images' : 'lines';
    if (count !== part.count) problems.push(`${found}: expected ${part.count} ${unit}, got ${count}`);
    const target = path.join(root, part.to);
    await mkdir(path.dirname(target), { recursive: true });
    if (part.kind === 'folder') await symlink(path.resolve(found), target, 'junction');
    else await copyFile(found, target, constants.COPYFILE_FICLONE);
  }
  if (problems.length > 0) {
    throw new DatasetError(
      `${from}: not a complete ${manifest.name}: ${problems.join('; ')}; download it again from ${manifest.homepage}`,
    );
  }
}

async function firstExisting(folder: string, { from, kind }: ArrangedPart): Promise<string | undefined> {
  for (const candidate of from) {
    const found = path.join(folder, candidate);
    const stats = await stat(found).catch(() => undefined);
    if (kind === 'folder' ? stats?.isDirectory() : stats?.isFile()) return found;
  }
  return undefined;
}

async function countImages(folder: string): Promise<number> {
  return (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).length;
}

/** Lines of a text, the last one with or without its line feed. */
async function countLines(file: string): Promise<number> {
  let lines = 0;
  let last = 10;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
    last = bytes[bytes.length - 1];
  }
  return last === 10 ? lines : lines + 1;
}

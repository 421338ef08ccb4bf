import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { type AnnotatedPhotograph, loadPhotographs, photographFolder } from '@retinabench/datasets';
import { makeDraftFolder, makeFolder, writeAdvice } from '@retinabench/files';
import { describeTemplateSet, type LooseCrop } from './template-set.js';

/** Raised whenever the same photographs give another set. */
const revision = 1;

/** Side of a loose crop, as a multiple of the face's longer side. */
const looseness = 2;

/** Longer side of the reduced crops, in pixels. */
const reducedLongPx = 72;

/**
 * The embedded template set, built if it is not there yet: every face of the photographs with five landmarks, once as a
 * loose crop and once reduced to 72 pixels, in IJB-C's file formats under the prefix `mini`.
 *
 * It shows that everything works, with nothing to download. Its genuine pairs are two resolutions of one photograph, so
 * that its numbers say little about a model.
 *
 * @param cacheFolder where it is kept.
 * @returns the folder: `meta/` and `loose_crop/`.
 * @throws {EnvironmentError} if the photographs are not installed or the folder cannot be written.
 */
export async function ensureTemplateSet(cacheFolder: string): Promise<string> {
  const photographs = loadPhotographs();
  const hash = createHash('sha256')
    .update(JSON.stringify([revision, photographs]))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cacheFolder, `ijbc-mini-${hash}`);
  if (existsSync(folder)) return folder;
  try {
    await makeFolder(cacheFolder);
    const draft = await makeDraftFolder(cacheFolder, path.basename(folder));
    try {
      await build(draft, photographs);
      await chmod(draft, 0o755);
      await rename(draft, folder).catch((error: unknown) => {
        // Another process was faster; both made the same.
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `${folder}: cannot build the embedded template set (${(cause as Error).message}); ${writeAdvice(cause, 'set RETINABENCH_CACHE to a folder that you may write to')}`,
      { cause },
    );
  }
  return folder;
}

async function build(folder: string, photographs: readonly AnnotatedPhotograph[]): Promise<void> {
  const { default: sharp } = await import('sharp');
  const images = path.join(folder, 'loose_crop');
  await mkdir(images);
  await mkdir(path.join(folder, 'meta'));
  const crops: LooseCrop[] = [];
  for (const photograph of photographs) {
    const bytes = await readFile(path.join(photographFolder(), photograph.file));
    for (const { box, landmarks } of photograph.faces) {
      if (landmarks === undefined) continue;
      const region = looseRegion(box, photograph);
      const subject = crops.length / 2 + 1;
      const full = sharp(bytes).extract(region);
      const longPx = Math.max(region.width, region.height);
      for (const [suffix, scale] of [
        ['full', 1],
        ['small', reducedLongPx / longPx],
      ] as const) {
        const name = `${path.parse(photograph.file).name}-${subject}-${suffix}.png`;
        const widthPx = Math.round(region.width * scale);
        const heightPx = Math.round(region.height * scale);
        await full.clone().resize(widthPx, heightPx, { fit: 'fill' }).png().toFile(path.join(images, name));
        const points = landmarks.map(([x, y]) => [
          (x - region.left) * (widthPx / region.width),
          (y - region.top) * (heightPx / region.height),
        ]);
        crops.push({ name, subject, points: points.flat() });
      }
    }
  }
  for (const [name, text] of Object.entries(describeTemplateSet(crops))) {
    await writeFile(path.join(folder, 'meta', name), text);
  }
}

function looseRegion(
  [x, y, width, height]: AnnotatedPhotograph['faces'][number]['box'],
  photograph: AnnotatedPhotograph,
): { left: number; top: number; width: number; height: number } {
  const side = looseness * Math.max(width, height);
  const left = Math.max(0, Math.round(x + width / 2 - side / 2));
  const top = Math.max(0, Math.round(y + height / 2 - side / 2));
  return {
    left,
    top,
    width: Math.min(Math.round(side), photograph.width - left),
    height: Math.min(Math.round(side), photograph.height - top),
  };
}

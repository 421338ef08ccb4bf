import type { ImageTask } from '@retinabench/backends/runs';
import { isRetinaBenchError } from '@retinabench/core';
import { exitCodes } from '../exit.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { DetectedCell } from './detected-cell.js';
import { detectorFolders } from './detector-folders.js';
import { facesOf } from './face.js';
import { outputNames } from './output-names.js';
import { OwnedFolder } from './owned-folder.js';
import type { PictureFolders } from './write-pictures.js';

/** The flags that ask for pictures. */
export interface PictureFlags {
  readonly draw?: string;
  readonly crop?: string;
  readonly cropMargin: number;
  readonly align?: string;
}

/**
 * Open the folders that the flags name, before anything is detected.
 *
 * @throws {DatasetError}, {EnvironmentError} as OwnedFolder.
 */
export function openPictureFolders({ draw, crop, align, cropMargin }: PictureFlags): PictureFolders {
  return {
    ...(draw === undefined ? {} : { draw: new OwnedFolder(draw, '--draw DIR') }),
    ...(crop === undefined ? {} : { crop: new OwnedFolder(crop, '--crop DIR') }),
    ...(align === undefined ? {} : { align: new OwnedFolder(align, '--align DIR') }),
    cropMargin,
  };
}

/**
 * Make the pictures of all images that every detector that ran could read.
 *
 * @returns the exit code that images ask for of which no picture could be made; they are named.
 */
export async function drawCells(
  output: Output,
  folders: PictureFolders,
  images: readonly ImageTask[],
  cells: readonly DetectedCell[],
  minScore: number,
): Promise<{ readonly exitCode: number }> {
  const { draw, crop, align } = folders;
  if ((draw ?? crop ?? align) === undefined || cells.length === 0) return { exitCode: exitCodes.pass };
  const { writePictures } = await import('./write-pictures.js');
  const names = outputNames(images.map(({ image }) => image));
  const found = cells.map(({ detected }) => new Map(detected.map((image) => [image.image, image])));
  const drawable = images.filter(({ image }) => found.every((detected) => detected.has(image)));
  const ofDetectors = detectorFolders(cells.map(({ name, model }) => name || model));
  const places = [draw, crop, align].flatMap((folder) => (folder === undefined ? [] : [folder.folder])).join(', ');
  let exitCode: number = exitCodes.pass;
  let unaligned = 0;
  await interruptible(
    () => 'the same command makes the pictures again without detecting',
    async (signal) => {
      const progress = startProgress(output, drawable.length, 'pictures');
      try {
        for (const [index, { image, file }] of drawable.entries()) {
          signal.throwIfAborted();
          const faces = cells.map(({ name, model, meshes }, cell) => {
            const detected = found[cell].get(image);
            const own = detected === undefined ? [] : facesOf(detected, minScore);
            // A name says that several were asked, even if the others could not run.
            const folder = name === '' ? {} : { folder: ofDetectors[cell] };
            return { title: name || model, ...folder, faces: own, ...(meshes && { meshes }) };
          });
          try {
            unaligned += (await writePictures(file, names.get(image) ?? image, faces, folders)).unaligned;
          } catch (error) {
            if (!isRetinaBenchError(error) || error.exitCode !== exitCodes.invalidInput) throw error;
            printNote(`no picture: ${image}: ${error.message}`);
            exitCode = exitCodes.invalidInput;
          }
          progress.update(index + 1);
        }
      } finally {
        progress.stop();
      }
    },
  );
  if (unaligned > 0)
    printNote(`${unaligned} faces have landmarks that turn nothing upright and are not among the aligned`);
  if (!output.quiet) printNote(`pictures of ${drawable.length} images: ${places}`);
  return { exitCode };
}

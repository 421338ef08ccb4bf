import { decodeImage, type HeadReader, readImageFile } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import type { ValidationLoss, WiderGroundTruth } from '@retinabench/eval-wider';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { AnnotatedImageFile } from './annotated-images.js';

/** What became of the images of a loss. */
export interface AddedImages {
  /** A sentence for each image that could not be decoded; it is left out. */
  readonly failed: string[];
  /** Of the others: SHA-256 of the bytes, by name. */
  readonly sha256: Map<string, string>;
}

/**
 * Add images to a loss one after the other.
 *
 * @throws {ModelError}, {BackendError} if the network fails, which no other image would fix.
 */
export async function addImages(
  output: Output,
  loss: ValidationLoss,
  reader: HeadReader,
  groundTruth: WiderGroundTruth,
  images: readonly AnnotatedImageFile[],
): Promise<AddedImages> {
  const failed: string[] = [];
  const hashes = new Map<string, string>();
  const progress = startProgress(output, images.length, 'images');
  try {
    await interruptible(
      () => 'a loss keeps nothing of an unfinished run: start it again',
      async (signal) => {
        for (const [done, { name, file, index }] of images.entries()) {
          signal.throwIfAborted();
          try {
            const { bytes, sha256 } = await readImageFile(file);
            loss.add(await reader.read(await decodeImage(bytes, file)), groundTruth, index);
            hashes.set(name, sha256);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
            failed.push(error.message);
          }
          progress.update(done + 1);
        }
      },
    );
  } finally {
    progress.stop();
  }
  for (const message of failed) printNote(message);
  return { failed, sha256: hashes };
}

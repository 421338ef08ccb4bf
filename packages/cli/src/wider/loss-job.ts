import { decodeImage, type HeadReader } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import type { ValidationLoss, WiderGroundTruth } from '@retinabench/eval-wider';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import type { AnnotatedImageFile } from './annotated-images.js';

/**
 * Add images to a loss one after the other.
 *
 * @returns a sentence for each image that could not be decoded; it is left out.
 * @throws {ModelError}, {BackendError} if the network fails, which no other image would mend.
 */
export async function addImages(
  output: Output,
  loss: ValidationLoss,
  reader: HeadReader,
  groundTruth: WiderGroundTruth,
  images: readonly AnnotatedImageFile[],
): Promise<string[]> {
  const failed: string[] = [];
  const progress = startProgress(output, images.length, 'images');
  try {
    await interruptible(
      () => 'a loss keeps nothing of an unfinished run: start it again',
      async (signal) => {
        for (const [done, { file, index }] of images.entries()) {
          signal.throwIfAborted();
          try {
            loss.add(await reader.read(await decodeImage(file, file)), groundTruth, index);
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
  return failed;
}

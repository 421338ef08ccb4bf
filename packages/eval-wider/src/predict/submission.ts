import path from 'node:path';
import type { DetectedImage } from '@retinabench/backends/runs';
import { EnvironmentError } from '@retinabench/core';
import { makeFolder, refuseLinks, replaceFiles, writeAdvice } from '@retinabench/files';

/** An image's prediction file: its name, the number of detections, `x y w h score` a line. */
export function formatSubmission({ image, detections }: DetectedImage): string {
  const lines = [image.slice(image.indexOf('/') + 1), String(detections.length / 5)];
  for (let at = 0; at < detections.length; at += 5) lines.push(detections.slice(at, at + 5).join(' '));
  return `${lines.join('\n')}\n`;
}

/**
 * Write WIDER's submission layout, `<folder>/<event>/<image>.txt`, each file atomically; links are not followed.
 *
 * @throws {DatasetError} if the folder of an event is a link.
 * @throws {EnvironmentError} if a file cannot be written.
 */
export async function writeSubmission(folder: string, images: readonly DetectedImage[]): Promise<void> {
  const byEvent = new Map<string, [name: string, content: string][]>();
  for (const image of images) {
    const event = path.dirname(image.image);
    const files = byEvent.get(event) ?? [];
    byEvent.set(event, files);
    files.push([`${path.basename(image.image)}.txt`, formatSubmission(image)]);
  }
  refuseLinks([...byEvent.keys()].map((event) => path.join(folder, event)));
  try {
    for (const [event, files] of byEvent) {
      await makeFolder(path.join(folder, event));
      replaceFiles(path.join(folder, event), files);
    }
  } catch (cause) {
    throw new EnvironmentError(
      `${folder}: cannot write the predictions (${(cause as Error).message}); ${writeAdvice(cause, 'choose a folder that you may write to')}`,
      { cause },
    );
  }
}

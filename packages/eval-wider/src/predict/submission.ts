import path from 'node:path';
import type { DetectedImage } from '@retinabench/backends/runs';
import { EnvironmentError } from '@retinabench/core';
import { makeFolder, refuseLinks, replaceFiles, writeAdvice } from '@retinabench/files';

/** Which events hold their prediction files; `WrittenFolders` keeps it beside a run. */
export interface WrittenEvents<Image> {
  isWritten(event: string, images: readonly Image[]): boolean;
  /** @param format of an image's prediction file. */
  outdated(images: readonly Image[], format: (image: Image) => string): OutdatedFiles<Image>;
  forget(event: string): void;
  remember(event: string, images: readonly Image[]): void;
  save(): void;
}

/** Images whose prediction files are to be written. */
export interface OutdatedFiles<Image> {
  readonly outdated: readonly Image[];
  /** Those of them whose file somebody else changed. */
  readonly changed: readonly Image[];
}

/** An image's prediction file: its name, the number of detections, `x y w h score` a line. */
export function formatSubmission({ image, detections }: DetectedImage): string {
  const lines = [image.slice(image.indexOf('/') + 1), String(detections.length / 5)];
  for (let at = 0; at < detections.length; at += 5) lines.push(detections.slice(at, at + 5).join(' '));
  return `${lines.join('\n')}\n`;
}

/**
 * Write WIDER's submission layout, `<folder>/<event>/<image>.txt`, each file atomically; links are not followed.
 *
 * @param written which files are as they would be written: these are left as they are. Absent: none.
 * @returns the images whose prediction file was changed by others since, and is written again.
 * @throws {DatasetError} if the folder of an event is a link.
 * @throws {EnvironmentError} if a file cannot be written.
 */
export async function writeSubmission<Image extends DetectedImage>(
  folder: string,
  images: readonly Image[],
  written?: WrittenEvents<Image>,
): Promise<readonly Image[]> {
  const byEvent = new Map<string, Image[]>();
  for (const image of images) {
    const event = path.dirname(image.image);
    const own = byEvent.get(event) ?? [];
    byEvent.set(event, own);
    own.push(image);
  }
  const allChanged: Image[] = [];
  refuseLinks([...byEvent.keys()].map((event) => path.join(folder, event)));
  try {
    for (const [event, own] of byEvent) {
      if (written?.isWritten(event, own)) continue;
      written?.forget(event);
      await makeFolder(path.join(folder, event));
      const { outdated, changed } = written?.outdated(own, formatSubmission) ?? { outdated: own, changed: [] };
      allChanged.push(...changed);
      replaceFiles(path.join(folder, event), filesOf(outdated));
      written?.remember(event, own);
    }
    written?.save();
    return allChanged;
  } catch (cause) {
    throw new EnvironmentError(
      `${folder}: cannot write the predictions (${(cause as Error).message}); ${writeAdvice(cause, 'choose a folder that you may write to')}`,
      { cause },
    );
  }
}

function* filesOf(images: readonly DetectedImage[]): Generator<readonly [name: string, content: string]> {
  for (const image of images) yield [`${path.basename(image.image)}.txt`, formatSubmission(image)];
}

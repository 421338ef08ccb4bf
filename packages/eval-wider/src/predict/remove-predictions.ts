import { lstatSync, rmSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { removeIfEmpty } from '@retinabench/files';

/**
 * Remove the prediction files of images from a run folder, and the folders of events that are empty then. Links are not
 * followed.
 *
 * @param images names `<event>/<image>` that the run's own log holds: nothing else is the run's to remove.
 * @returns how many files there were.
 * @throws {EnvironmentError} if something else has the place of a file: a folder, a link, a pipe.
 */
export function removePredictions(folder: string, images: Iterable<string>): number {
  let removed = 0;
  const events = new Set<string>();
  for (const image of images) {
    const event = path.join(folder, path.dirname(image));
    const file = path.join(event, `${path.basename(image)}.txt`);
    if (!lstatSync(event, { throwIfNoEntry: false })?.isDirectory()) continue;
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) {
      throw new EnvironmentError(
        `${file}: expected a prediction file of this run, got something else (a folder, link or pipe); move it away`,
      );
    }
    rmSync(file);
    events.add(event);
    removed++;
  }
  for (const event of events) removeIfEmpty(event);
  return removed;
}

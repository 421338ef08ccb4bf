import path from 'node:path';
import { type LoggedImage, latestImages, logFileOf, type RunIdentity, readIdentity } from '@retinabench/backends/runs';
import { canonicalJson, DatasetError } from '@retinabench/core';
import { readEntries, runId } from '@retinabench/files';
import { parseWiderEntry } from './wider-entry.js';

/** The shards of one run, put together. */
export interface MergedRuns {
  readonly identity: RunIdentity;
  /** Sorted by name, each once. */
  readonly detected: readonly LoggedImage[];
}

/**
 * Put the run folders of shards together. An image that two of them hold must have the same detections in both.
 *
 * @throws {DatasetError} if a folder is no run folder, its run has another identity than the first's, a line of its log is not
 * as the run wrote it, or two disagree about an image.
 */
export function mergeRuns(folders: readonly string[]): MergedRuns {
  const images = new Map<string, { readonly entry: LoggedImage; readonly folder: string }>();
  const identities = folders.map((folder) => {
    const identity = readIdentity(folder);
    if (identity === undefined) {
      throw new DatasetError(
        `${folder}: no run of RetinaBench left its detections here; name folders that wider predict or wider hard filled`,
      );
    }
    return identity;
  });
  folders.forEach((folder, index) => {
    if (canonicalJson(identities[index]) !== canonicalJson(identities[0])) {
      throw new DatasetError(
        `${folder}: expected a shard of the run in ${folders[0]} (${canonicalJson(identities[0])}), got one of another model, backend, protocol or data set (${canonicalJson(identities[index])}); merge shards of one run only`,
      );
    }
    const { entries } = readEntries(logFileOf(folder), parseWiderEntry, runId(identities[index]));
    for (const entry of latestImages(entries).values()) {
      const held = images.get(entry.image);
      if (held !== undefined && held.entry.sha256 !== entry.sha256) {
        throw new DatasetError(
          `${path.join(folder, entry.image)}: detections of another image of that name than in ${held.folder} (${entry.sha256.slice(0, 12)}, there ${held.entry.sha256.slice(0, 12)}); merge shards of one data set only`,
        );
      }
      if (held !== undefined && canonicalJson(held.entry.detections) !== canonicalJson(entry.detections)) {
        throw new DatasetError(
          `${path.join(folder, entry.image)}: other detections than in ${held.folder}; detect one of them again with --fresh`,
        );
      }
      images.set(entry.image, { entry, folder });
    }
  });
  const detected = [...images.values()].map(({ entry }) => entry).sort((a, b) => (a.image < b.image ? -1 : 1));
  return { identity: identities[0], detected };
}

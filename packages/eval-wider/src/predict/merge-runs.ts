import path from 'node:path';
import {
  FinishedImages,
  type LoggedImage,
  logFileOf,
  type RunIdentity,
  readIdentity,
} from '@retinabench/backends/runs';
import { canonicalJson, DatasetError } from '@retinabench/core';
import { runId, visitEntries } from '@retinabench/files';
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
  /** Which folder holds an image. */
  const holders = new Map<string, number>();
  const identities = folders.map((folder) => {
    const identity = readIdentity(folder);
    if (identity === undefined) {
      throw new DatasetError(
        `${folder}: no run of RetinaBench left its detections here; name folders that wider predict or wider hard filled`,
      );
    }
    return identity;
  });
  const shards = folders.map((folder, index) => {
    if (canonicalJson(identities[index]) !== canonicalJson(identities[0])) {
      throw new DatasetError(
        `${folder}: expected a shard of the run in ${folders[0]} (${canonicalJson(identities[0])}), got one of another model, backend, protocol or data set (${canonicalJson(identities[index])}); merge shards of one run only`,
      );
    }
    const shard = new FinishedImages();
    visitEntries(logFileOf(folder), parseWiderEntry, runId(identities[index]), (entry) => shard.take(entry));
    return shard;
  });
  shards.forEach((shard, index) => {
    for (const image of shard.keys()) {
      const holder = holders.get(image);
      if (holder === undefined) holders.set(image, index);
      else assertAlike(image, shards[holder].get(image), folders[holder], shard.get(image), folders[index]);
    }
  });
  const detected = [...holders.keys()].sort().flatMap((image) => shards[holders.get(image) ?? 0].get(image) ?? []);
  return { identity: identities[0], detected };
}

function assertAlike(
  image: string,
  held: LoggedImage | undefined,
  holder: string,
  entry: LoggedImage | undefined,
  folder: string,
): void {
  if (held === undefined || entry === undefined) return;
  if (held.sha256 !== entry.sha256) {
    throw new DatasetError(
      `${path.join(folder, image)}: detections of another image of that name than in ${holder} (${entry.sha256.slice(0, 12)}, there ${held.sha256.slice(0, 12)}); merge shards of one data set only`,
    );
  }
  if (canonicalJson(held.detections) !== canonicalJson(entry.detections)) {
    throw new DatasetError(
      `${path.join(folder, image)}: other detections than in ${holder}; detect one of them again with --fresh`,
    );
  }
}

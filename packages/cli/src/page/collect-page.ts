import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import {
  buildPageData,
  type GalleryImage,
  type PageData,
  pairedApDifferences,
  parseHistory,
  type SourcedRecord,
} from '@retinabench/report';
import { readHistory } from '../baseline/history-file.js';
import { publishedRows } from '../record/published-rows.js';
import { readRecord } from '../record/read.js';
import { commandLine } from '../terminal/command-line.js';
import type { Output } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';

/** Flags that say what a page compares. */
export interface PageFlags {
  readonly title: string;
  readonly baseline: readonly string[];
  readonly history: string;
  readonly resamples?: number;
}

/** Pictures of a page, and what a reader should know of them. */
export interface CollectedGallery {
  readonly images: readonly GalleryImage[];
  readonly notes: readonly string[];
}

/**
 * Read the records and work out the page.
 *
 * @param output where the progress of the comparisons goes.
 * @param files record files; the baselines of the flags come before them, once.
 * @param collectGallery makes the pictures of the records, in their order; absent: a page without.
 * @throws {DatasetError} if a record or the history is malformed or missing.
 * @throws {ProtocolError} if two baselines are of one kind.
 * @throws what `collectGallery` throws.
 */
export async function collectPage(
  output: Output,
  files: readonly string[],
  flags: PageFlags,
  collectGallery?: (records: readonly SourcedRecord[]) => Promise<CollectedGallery>,
): Promise<PageData> {
  const named = [...flags.baseline, ...files];
  const distinct = [...new Map(named.map((file) => [path.resolve(file), file])).values()];
  const records = await Promise.all(
    distinct.map(async (file): Promise<SourcedRecord> => ({ file, record: await readRecord(file) })),
  );
  const baselines = chosenBaselines(records, distinct, flags.baseline);
  const gallery = (await collectGallery?.(records)) ?? { images: [], notes: [] };
  const history = parseHistory(await readHistory(flags.history), flags.history);
  const progress = startProgress(output, records.length, 'records');
  try {
    return buildPageData({
      title: flags.title,
      createdAt: new Date().toISOString(),
      command: commandLine(process.argv.slice(2)),
      records,
      baselines,
      published: await publishedRows(records.map(({ record }) => record)),
      gallery: gallery.images,
      galleryNotes: gallery.notes,
      history,
      pairedApDifference: pairedApDifferences(flags),
      onCompared: progress.update,
    });
  } finally {
    progress.stop();
  }
}

/** Indices of the records that `--baseline` names, one a kind; without the flag the first record. */
function chosenBaselines(
  records: readonly SourcedRecord[],
  files: readonly string[],
  named: readonly string[],
): readonly number[] {
  if (named.length === 0) return [0];
  const chosen = new Set(named.map((file) => files.findIndex((other) => path.resolve(other) === path.resolve(file))));
  const byKind = new Map<string, string>();
  for (const index of chosen) {
    const { file, record } = records[index];
    const other = byKind.get(record.kind);
    if (other !== undefined) {
      throw new ProtocolError(
        `--baseline: expected one record a kind, got ${other} and ${file}, both of kind ${record.kind}; keep one`,
      );
    }
    byKind.set(record.kind, file);
  }
  return [...chosen];
}

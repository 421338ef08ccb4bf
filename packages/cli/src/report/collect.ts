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
import type { ReportFlags } from './flags.js';
import { buildGallery } from './gallery/build-gallery.js';
import { chooseImages } from './gallery/choose-images.js';

/** Images of a gallery where the number is not asked for. */
const defaultGallery = 24;

/**
 * Read the records and work out the page.
 *
 * @param output where the progress of the comparisons goes.
 * @param files record files; the baselines of the flags come before them, once.
 * @throws {DatasetError} if a record, the history, predictions, ground truth or images are malformed or missing.
 * @throws {ProtocolError} if two baselines are of one kind, or the flags of the gallery contradict each other.
 */
export async function collectPage(output: Output, files: readonly string[], flags: ReportFlags): Promise<PageData> {
  const named = [...flags.baseline, ...files];
  const distinct = [...new Map(named.map((file) => [path.resolve(file), file])).values()];
  const records = await Promise.all(
    distinct.map(async (file): Promise<SourcedRecord> => ({ file, record: await readRecord(file) })),
  );
  const baselines = chosenBaselines(records, distinct, flags.baseline);
  const gallery = await collectGallery(records, flags);
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

async function collectGallery(
  records: readonly SourcedRecord[],
  flags: ReportFlags,
): Promise<{ readonly images: readonly GalleryImage[]; readonly notes: readonly string[] }> {
  const count = flags.gallery ?? (flags.pred.length > 0 ? defaultGallery : 0);
  if (count === 0 || flags.pred.length === 0) return { images: [], notes: [] };
  const wider = records.flatMap(({ file, record }, index) =>
    record.kind === 'wider' ? [{ file, record, key: `R${index + 1}` }] : [],
  );
  if (flags.pred.length > wider.length) {
    throw new ProtocolError(
      `--pred: expected at most one folder per WIDER record, ${wider.length}, got ${flags.pred.length}`,
    );
  }
  const { data, gt, split } = flags;
  if (data === undefined) {
    throw new ProtocolError('--gallery shows pictures: say where the data set is with --data DIR');
  }
  const shown = wider.slice(0, flags.pred.length).map(({ key, record, file }) => ({ key, record, place: file }));
  const { names, files, notes } = await chooseImages(shown, data, split, count);
  const pictured = new Set<string>();
  const images: GalleryImage[] = [];
  for (const [index, predictions] of flags.pred.entries()) {
    images.push(
      ...(await buildGallery({
        ...shown[index],
        predictions,
        groundTruth: gt ?? path.join(data, 'ground_truth'),
        split,
        names,
        files,
        pictured,
        maxBytes: Math.floor((flags.galleryMb * 2 ** 20) / flags.pred.length),
      })),
    );
  }
  return { images, notes };
}

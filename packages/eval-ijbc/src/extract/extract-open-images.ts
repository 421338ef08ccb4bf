import { runPool } from '@retinabench/backends';
import type { ExtractOptions } from './extract-options.js';
import type { ExtractionRun } from './extraction-run.js';
import { cannotExtract, type FailedExtraction, isDeadly } from './failed-extraction.js';
import { ResultKeeper } from './result-keeper.js';
import type { ExtractImage, ExtractInit, ExtractResult, ExtractTask } from './worker.js';
import { extractionWorker } from './worker-module.js';

/** Images that a worker takes at a time. */
const imagesPerTask = 8;

/**
 * Extract over worker processes the images of a run that are still to be done; each is kept as it arrives.
 *
 * @param known the images that are still to be done, by index.
 * @returns the images that were extracted, and how many of them an earlier run had done.
 * @throws as extractFeatures, after what has arrived is written.
 */
export async function extractOpenImages(
  options: ExtractOptions,
  run: ExtractionRun,
  known: ReadonlyMap<number, ExtractImage>,
): Promise<Pick<ResultKeeper, 'extracted' | 'changed'>> {
  const open = [...known.keys()];
  const keeper = new ResultKeeper(options, run, options.images.length - open.length);
  try {
    const groups = Array.from({ length: Math.ceil(open.length / imagesPerTask) }, (_, i) =>
      open.slice(i * imagesPerTask, (i + 1) * imagesPerTask),
    );
    const runGroups = (
      indices: readonly (readonly number[])[],
      attempts: 'both' | 'first' | 'last',
    ): Promise<FailedExtraction[]> => extractGroups(options, run, known, keeper, { groups: indices, attempts });
    // One bad image fails its group, and one that kills or never ends takes its group along: the others are tried alone.
    const first = await runGroups(groups, 'first');
    const alone = (deadly: boolean): number[][] =>
      first.filter((image) => isDeadly(image) === deadly).map(({ image }) => [image]);
    const failed = [...(await runGroups(alone(false), 'both')), ...(await runGroups(alone(true), 'last'))];
    if (failed.length > 0) throw cannotExtract(options.names, failed);
    return keeper;
  } finally {
    await keeper.close();
  }
}

async function extractGroups(
  options: ExtractOptions,
  run: ExtractionRun,
  known: ReadonlyMap<number, ExtractImage>,
  keeper: ResultKeeper,
  {
    groups,
    attempts,
  }: { readonly groups: readonly (readonly number[])[]; readonly attempts: 'both' | 'first' | 'last' },
): Promise<FailedExtraction[]> {
  const { names, images, identity, features, workers, fresh, imageLimitMs, pool, onImages, signal, ...init } = options;
  const failed: FailedExtraction[] = [];
  await (pool ?? runPool<ExtractInit, ExtractTask, ExtractResult[]>)({
    module: extractionWorker,
    workers,
    init,
    tasks: groups.map((indices) => ({ images: indices.map((image) => known.get(image) as ExtractImage) })),
    attempts,
    proven: run.finished.size > 0,
    ...(imageLimitMs === undefined ? {} : { taskLimitMs: imageLimitMs * largestOf(groups) }),
    ...(signal === undefined ? {} : { signal }),
    nameOf: (group) => names[groups[group][0]],
    onResult: (group, results) => keeper.add(groups[group], results),
    onFailure: (group, failure) => {
      failed.push(...groups[group].map((image) => ({ image, ...failure })));
    },
  });
  await keeper.settled();
  return failed;
}

function largestOf(groups: readonly (readonly number[])[]): number {
  return groups.reduce((most, group) => Math.max(most, group.length), 1);
}

import {
  type BackendId,
  type BatchInit,
  type BatchResult,
  browserEnvironments,
  browserWarnings,
  detectionSettings,
  runBatches,
  runtimeVersions,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import type { LoadedModel } from '@retinabench/models/node';
import type { ResultRecord } from '@retinabench/results';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { loadOfOthers, loadWarnings } from './load-warnings.js';
import { notToldApart } from './not-told-apart.js';
import { adviceToRank, type RankedConfiguration, rankRounds } from './rank-rounds.js';
import { noteUnmeasured, type TurnsJob, takeTurns } from './take-turns.js';

/** What a bench of batches runs. */
export type BatchJob = TurnsJob<Omit<BatchInit, 'model'> & { readonly model: LoadedModel }>;

type Measured = Exclude<BatchResult, { failure: string }>;

/** Time networks on several images at once; print a table with ratios to the first of a size, write records. */
export async function benchBatches(output: Output, job: BatchJob): Promise<void> {
  const { configurations, rounds, roundMs, pin } = job;
  const results = await takeTurns(output, job, (options) => runBatches({ ...options, configurations }));
  const groups = rankBatches(results);
  const ranked = new Map(groups.flat().map((configuration) => [configuration.index, configuration]));
  const advice = new Set(groups.flatMap((group) => adviceToRank(group) ?? []));
  printResult(output, [batchTable(results, ranked), ...advice].join('\n'));
  const records: ResultRecord[] = [];
  for (const [index, result] of results.entries()) {
    const { model, backend, size, threads, batch } = result.init;
    const stem = `batch-${model.card.id}-${backend}-${size.name}-t${threads}-b${batch}`;
    if ('failure' in result) {
      noteUnmeasured(stem, result);
      continue;
    }
    const content = await contentOf(job, configurations[index].model, result, ranked.get(index));
    if (records.length === 0) for (const note of loadWarnings(loadOfOthers(result))) printNote(`warning: ${note}`);
    records.push(await writeRecord(output, recordFile(job.outDir, stem, content, { rounds, roundMs, pin }), content));
  }
  printResult(output, formatRunProvenance(records));
}

function rankBatches(results: readonly BatchResult[]): RankedConfiguration[][] {
  return rankRounds(
    results.flatMap((result, index) => {
      if ('failure' in result) return [];
      const { model, backend, threads, batch, size } = result.init;
      const rounds = result.perImageMs.roundMedians ?? [];
      return [{ index, group: size.name, name: { model: model.card.id, backend, threads, batch }, rounds }];
    }),
  );
}

function batchTable(results: readonly BatchResult[], ranked: ReadonlyMap<number, RankedConfiguration>): string {
  const numeric = (heading: string) => ({ heading, numeric: true });
  const columns = [
    ...['model', 'backend', 'size'].map((heading) => ({ heading })),
    ...['threads', 'batch', 'a batch', 'an image', 'p10', 'p95', 'images/s', 'over the first', '95 %'].map(numeric),
    { heading: 'rank' },
  ];
  const rows = results.map((result, index) => {
    const { model, backend, size, threads, batch } = result.init;
    const head = [model.card.id, backend, size.name, String(threads), String(batch)];
    if ('failure' in result) return [...head, ...columns.slice(head.length).map(() => '-')];
    const { median, p10 = median, p95 } = result.perImageMs;
    const { ratioToFirst, sameAs } = ranked.get(index) ?? {};
    const { ratio, interval, rank } = ratioToFirst ?? {};
    return [
      ...head,
      ...[median * batch, median, p10, p95].map((ms) => ms.toFixed(ms < 10 ? 2 : 1)),
      (1000 / median).toFixed(1),
      ratio === undefined ? '-' : ratio.toFixed(3),
      interval === undefined ? '-' : `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]`,
      rank !== undefined ? String(rank) : sameAs === undefined ? '-' : notToldApart(sameAs.length),
    ];
  });
  return `${renderTable(columns, rows)}\nthe network alone, milliseconds; ratios are of the time an image, to the first of its size, by rounds`;
}

async function contentOf(
  { image, benchRun, pin, warnings: machine }: BatchJob,
  { card, sizeBytes, warnings: doubts }: LoadedModel,
  result: Measured,
  ranked: RankedConfiguration | undefined,
): Promise<RecordContent> {
  const { backend, size, threads, batch } = result.init;
  const browsers = await browserEnvironments([backend]);
  const load = loadOfOthers(result);
  const warnings = [...machine, ...loadWarnings(load), ...doubts, ...browserWarnings(browsers)];
  if (pin !== undefined && !result.pinned) warnings.push(`--pin ${pin} could not be applied here`);
  return {
    kind: 'latency',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: backend, version: result.backendVersion, threads },
    protocol: {
      ...detectionSettings(result.protocol, card),
      imageWidthPx: size.widthPx,
      imageHeightPx: size.heightPx,
      threads,
      batch,
      image,
    },
    code: detectionBuild(),
    runtimes: await runtimeVersions(backend as BackendId),
    browsers,
    ...(result.pinned && pin !== undefined ? { pinnedTo: pin } : {}),
    latencyMs: { perImage: result.perImageMs },
    benchRun,
    ...(ranked === undefined ? {} : { ratioToFirst: { ...ranked.ratioToFirst, of: 'perImage' as const } }),
    ...(load === undefined ? {} : { loadOfOthers: load }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

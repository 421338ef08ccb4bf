import path from 'node:path';
import {
  type BackendId,
  browserEnvironments,
  browserWarnings,
  type DetectionProtocol,
  detectionSettings,
  loadBackend,
  resolveProtocol,
  runThroughput,
  runtimeVersions,
  type ThroughputResult,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import { sha256Hex } from '@retinabench/core';
import type { LoadedModel } from '@retinabench/models/node';
import type { ResultRecord } from '@retinabench/results';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { renderTable } from '../terminal/table.js';

/** What a throughput bench runs. */
export interface ThroughputJob {
  readonly models: readonly LoadedModel[];
  readonly backends: readonly string[];
  readonly threads: readonly number[];
  readonly workers: readonly number[];
  readonly asked: Partial<DetectionProtocol>;
  readonly files: readonly string[];
  readonly images: number;
  readonly imageLimitMs?: number;
  readonly outDir: string;
  readonly warnings: readonly string[];
}

/** Measure the whole pipeline over worker processes, one configuration after the other; print a table, write records. */
export async function benchThroughput(output: Output, job: ThroughputJob): Promise<void> {
  const configurations = job.models.flatMap((model) =>
    job.backends.flatMap((backend) =>
      job.threads.flatMap((threads) => job.workers.map((workers) => ({ model, backend, threads, workers }))),
    ),
  );
  const progress = startProgress(output, configurations.length * job.images, 'images');
  const rows: string[][] = [];
  const finished: (() => Promise<ResultRecord>)[] = [];
  await interruptible(
    () => 'a bench that is cut short has no result: run it again',
    async (signal) => {
      for (const [index, configuration] of configurations.entries()) {
        const { model, backend, threads, workers } = configuration;
        const result = await runThroughput({
          init: { model, backend, threads, asked: job.asked },
          workers,
          files: job.files,
          images: job.images,
          ...(job.imageLimitMs === undefined ? {} : { imageLimitMs: job.imageLimitMs }),
          onProgress: (done) => progress.update(index * job.images + done),
          signal,
        });
        const { median, p95 } = result.latencyMs;
        const numbers = [result.imagesPerSecond, median, p95].map((value) => value.toFixed(1));
        rows.push([model.card.id, backend, String(threads), String(workers), ...numbers]);
        finished.push(() => writeThroughput(output, job, configuration, result));
      }
    },
  ).finally(() => progress.stop());
  const numeric = (heading: string) => ({ heading, numeric: true });
  const columns = [
    { heading: 'model' },
    { heading: 'backend' },
    ...['threads', 'workers', 'images/s', 'median', 'p95'].map(numeric),
  ];
  printResult(output, `${renderTable(columns, rows)}\nfile to detections; milliseconds an image in its worker`);
  const records: ResultRecord[] = [];
  for (const write of finished) records.push(await write());
  printResult(output, formatRunProvenance(records));
}

async function writeThroughput(
  output: Output,
  job: ThroughputJob,
  { model, backend, threads, workers }: { model: LoadedModel; backend: string; threads: number; workers: number },
  { imagesPerSecond, latencyMs }: ThroughputResult,
): Promise<ResultRecord> {
  const { card, sizeBytes } = model;
  const browsers = await browserEnvironments([backend]);
  const warnings = [...job.warnings, ...model.warnings, ...browserWarnings(browsers)];
  const version = await (await loadBackend(backend)).version();
  const settings = detectionSettings(resolveProtocol(job.asked, card), card);
  const content: RecordContent = {
    kind: 'latency',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: backend, version, threads },
    protocol: { ...settings, threads, workers, images: job.images, files: filesDigest(job.files) },
    code: detectionBuild(),
    runtimes: await runtimeVersions(backend as BackendId),
    browsers,
    latencyMs: { total: latencyMs },
    metrics: { imagesPerSecond },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const name = `throughput-${card.id}-${backend}-t${threads}-w${workers}`;
  return writeRecord(output, recordFile(job.outDir, name, content), content);
}

/** Which photographs: their number and a hash of their names. */
function filesDigest(files: readonly string[]): string {
  const names = files.map((file) => `${path.basename(path.dirname(file))}/${path.basename(file)}\n`);
  return `${files.length}, names ${sha256Hex(new TextEncoder().encode(names.sort().join(''))).slice(0, 12)}`;
}

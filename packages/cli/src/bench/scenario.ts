import {
  type BackendId,
  type BenchInit,
  browserEnvironments,
  browserWarnings,
  detectionSettings,
  runScenario,
  runtimeVersions,
  type Scenario,
  type ScenarioResult,
  serverTrials,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import { isRetinaBenchError } from '@retinabench/core';
import type { LoadedModel } from '@retinabench/models/node';
import { quantile, type ResultRecord, summariseLatency } from '@retinabench/results';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { renderTable } from '../terminal/table.js';
import { loadOfOthers, loadOfRun } from './load-warnings.js';

/** What a bench of a scenario runs. */
export interface ScenarioJob {
  readonly scenario: Scenario;
  readonly configurations: readonly (Omit<BenchInit, 'model'> & { readonly model: LoadedModel })[];
  /** Digest of the photograph. */
  readonly image: string;
  readonly warmUpMs: number;
  readonly pin?: string;
  readonly imageLimitMs?: number;
  readonly outDir: string;
  /** What about the machine makes its times doubtful. */
  readonly warnings: readonly string[];
}

type Configuration = ScenarioJob['configurations'][number];

/**
 * Run every configuration as images come to it, one after the other; print a table, write records. One that fails does not
 * stop the others.
 */
export async function benchScenario(output: Output, job: ScenarioJob): Promise<void> {
  const { scenario, configurations } = job;
  const runs = scenario.kind === 'server' ? serverTrials : 1;
  const progress = startProgress(output, configurations.length * runs, 'runs');
  const measured: { configuration: Configuration; result: ScenarioResult }[] = [];
  const failures: string[] = [];
  await interruptible(
    () => 'a bench that is cut short has no result: run it again',
    async (signal) => {
      for (const [index, configuration] of configurations.entries()) {
        try {
          const result = await runScenario({
            init: configuration,
            scenario,
            warmUpMs: job.warmUpMs,
            ...(job.pin === undefined ? {} : { pin: job.pin }),
            ...(job.imageLimitMs === undefined ? {} : { imageLimitMs: job.imageLimitMs }),
            onProgress: (done) => progress.update(index * runs + done),
            signal,
          });
          measured.push({ configuration, result });
        } catch (error) {
          if (!isRetinaBenchError(error) || signal.aborted) throw error;
          failures.push(error.message);
          process.exitCode = Math.max(Number(process.exitCode ?? 0), error.exitCode);
        }
      }
    },
  ).finally(() => progress.stop());
  for (const failure of failures) printNote(`not measured: ${failure}`);
  if (measured.length === 0) return;
  printResult(output, scenarioTable(scenario, measured));
  for (const { configuration, result } of measured) {
    const { othersShare } = result;
    const load = loadOfOthers(othersShare === undefined ? {} : { othersShares: [othersShare] });
    for (const note of loadOfRun(load)) printNote(`warning: ${configuration.model.card.id}: ${note}`);
  }
  const records: ResultRecord[] = [];
  for (const { configuration, result } of measured) {
    const content = await contentOf(job, configuration, result);
    const { model, backend, size, threads } = configuration;
    const stem = `${scenario.kind}-${model.card.id}-${backend}-${size.name}-t${threads}`;
    records.push(await writeRecord(output, recordFile(job.outDir, stem, content, { pin: job.pin }), content));
  }
  printResult(output, formatRunProvenance(records));
}

function scenarioTable(
  scenario: Scenario,
  measured: readonly { readonly configuration: Configuration; readonly result: ScenarioResult }[],
): string {
  const numeric = (heading: string) => ({ heading, numeric: true });
  const isServer = scenario.kind === 'server';
  const columns = [
    ...['model', 'backend', 'size'].map((heading) => ({ heading })),
    numeric('threads'),
    ...(isServer
      ? [numeric('queries/s')]
      : [numeric('frames'), numeric('in time'), numeric('late'), numeric('dropped')]),
    ...['median', 'p95', 'p99'].map(numeric),
  ];
  const rows = measured.map(({ configuration: { model, backend, size, threads }, result }) => {
    const { latenciesMs, late, dropped } = result.served;
    const frames = latenciesMs.length + dropped;
    const inTime = ((100 * (latenciesMs.length - late)) / frames).toFixed(1);
    return [
      model.card.id,
      backend,
      size.name,
      String(threads),
      ...(isServer ? [rateInWords(result.perSecond)] : [String(frames), `${inTime} %`, String(late), String(dropped)]),
      ...[0.5, 0.95, 0.99].map((share) => quantile(latenciesMs, share).toFixed(1)),
    ];
  });
  const legend = isServer
    ? `highest rate of Poisson arrivals that holds ${scenario.boundMs} ms for 99 % of the queries (95 % confidence, ${scenario.queries} queries, seed ${scenario.seed}); milliseconds from arrival to detections at that rate`
    : `${scenario.framesPerSecond} frames a second; late: the result came after more than a frame; dropped: came while another was worked on; milliseconds from arrival to detections`;
  return `${renderTable(columns, rows)}\n${legend}`;
}

function rateInWords(perSecond = 0): string {
  return perSecond === 0 ? 'none holds' : perSecond.toFixed(1);
}

async function contentOf(
  { scenario, image, pin, warnings: machine }: ScenarioJob,
  { model, backend, size, threads }: Configuration,
  { served, perSecond, backendVersion, protocol, faces, pinned, othersShare }: ScenarioResult,
): Promise<RecordContent> {
  const { card, sizeBytes } = model;
  const browsers = await browserEnvironments([backend]);
  const load = loadOfOthers(othersShare === undefined ? {} : { othersShares: [othersShare] });
  const warnings = [...machine, ...loadOfRun(load), ...model.warnings, ...browserWarnings(browsers)];
  if (perSecond === 0) warnings.push('no rate that was tried holds the bound: the times are of the lowest');
  if (pin !== undefined && !pinned) warnings.push(`--pin ${pin} could not be applied here`);
  const { kind, ...settings } = scenario;
  const times = { ...summariseLatency(served.latenciesMs), p99: quantile(served.latenciesMs, 0.99) };
  return {
    kind: 'latency',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: backend, version: backendVersion, threads },
    protocol: {
      ...detectionSettings(protocol, card),
      imageWidthPx: size.widthPx,
      imageHeightPx: size.heightPx,
      threads,
      image,
      scenario: kind,
      ...('boundMs' in settings
        ? { latencyBoundMs: settings.boundMs, queries: settings.queries, seed: settings.seed, heldShare: 0.99 }
        : settings),
    },
    code: detectionBuild(),
    runtimes: await runtimeVersions(backend as BackendId),
    browsers,
    ...(pinned && pin !== undefined ? { pinnedTo: pin } : {}),
    latencyMs: kind === 'server' ? { query: times } : { frame: times },
    ...(load === undefined ? {} : { loadOfOthers: load }),
    metrics: {
      faces,
      ...(kind === 'server'
        ? { 'server.queriesPerSecond': perSecond ?? 0, 'server.late': served.late }
        : {
            'stream.frames': served.latenciesMs.length + served.dropped,
            'stream.late': served.late,
            'stream.dropped': served.dropped,
          }),
    },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

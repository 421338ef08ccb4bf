import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  type BackendId,
  type BenchResult,
  browserEnvironments,
  parseBenchSize,
  readImageFile,
  runBench as runBenchTurns,
  runtimeVersions,
} from '@retinabench/backends';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { resolveModel } from '@retinabench/models/node';
import type { ResultRecord } from '@retinabench/results';
import { askedProtocol, imageLimit, type ProtocolFlags } from '../detection/flags.js';
import { type QueueFlags, requireQueue } from '../queue/queue-flags.js';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { writeRecord } from '../record/write.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { benchBatches } from './batch.js';
import { benchRecord } from './bench-record.js';
import { benchFleet } from './fleet-throughput.js';
import { loadOfOthers, loadWarnings } from './load-warnings.js';
import { machineWarnings } from './machine-warnings.js';
import { type ModeFlags, settleModeFlags } from './mode-flags.js';
import { tooFewRounds } from './rank-rounds.js';
import { ratioTable } from './ratio-table.js';
import { rankConfigurations } from './ratios.js';
import { benchScenario } from './scenario.js';
import { type ScenarioFlags, scenarioOf } from './scenario-flags.js';
import { benchTable } from './table.js';
import { benchThroughput } from './throughput.js';

interface BenchFlags extends ScenarioFlags, ModeFlags, ProtocolFlags, OutputFlags, Partial<QueueFlags> {
  readonly model: readonly string[];
  readonly backend: readonly string[];
  readonly threads: readonly number[];
  readonly image?: string;
  readonly outDir: string;
  readonly imageTimeout: number;
  readonly batch?: readonly number[];
}

/** The action of `retinabench bench`. */
export async function runBench(flags: BenchFlags): Promise<void> {
  const output = outputOf(flags);
  requireQueue(flags);
  if (flags.queue !== undefined && flags.throughput !== true) {
    throw new ProtocolError(
      '--queue: latency is never measured through a queue; add --throughput, or leave --queue out',
    );
  }
  const scenario = scenarioOf(flags);
  const modes = { '--throughput': flags.throughput, '--scenario': scenario, '--batch': flags.batch };
  const [mode, another] = Object.entries(modes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (another !== undefined) {
    throw new ProtocolError(`${mode} and ${another}: expected one of them, got both; leave one out`);
  }
  const settled = settleModeFlags(flags);
  const { rounds, roundMs } = settled;
  const models = await Promise.all(flags.model.map((model) => resolveModel(model)));
  const sizes = settled.size.map(parseBenchSize);
  const asked = askedProtocol(flags);
  await requireWritable(path.join(flags.outDir, '*.json'), { ...recordOutput, flag: '--out-dir DIR' });
  const warnings = machineWarnings();
  for (const warning of warnings) printNote(`warning: ${warning}`);
  const files = flags.image === undefined ? await dataSetImages() : [flags.image];
  if (flags.queue !== undefined) {
    const { model, backend, workers, ...others } = flags;
    await benchFleet(output, {
      flags: { ...others, backend: backend[0], threads: 1, workers: 1 },
      models: model,
      backends: backend,
      threads: flags.threads,
      root: flags.image === undefined ? (await resolveDataset(undefined)).root : path.dirname(flags.image),
      files,
      images: settled.images,
      outDir: flags.outDir,
      warnings,
    });
    return;
  }
  if (flags.throughput) {
    const { backend: backends, threads, outDir } = flags;
    const { workers, images } = settled;
    const limit = imageLimit(flags);
    const job = { models, backends, threads, workers, asked, files, images, outDir, warnings, ...limit };
    await benchThroughput(output, job);
    return;
  }
  const imageFile = files[Math.floor(files.length / 2)];
  const image = await imageDigest(imageFile);
  const configurations = models.flatMap((model) =>
    sizes.flatMap((size) =>
      flags.threads.flatMap((threads) =>
        flags.backend.map((backend) => ({ model, backend, threads, size, asked, imageFile })),
      ),
    ),
  );
  if (scenario !== undefined) {
    const { outDir, pin } = flags;
    const limits = { ...imageLimit(flags), ...(pin === undefined ? {} : { pin }) };
    await benchScenario(output, { scenario, configurations, image, warmUpMs: roundMs, outDir, warnings, ...limits });
    return;
  }
  const benchRun = randomUUID();
  const ofOneSize = (configurations.length / sizes.length) * (flags.batch?.length ?? 1);
  const few = tooFewRounds(rounds, ofOneSize);
  if (few !== undefined) printNote(`no ranks: ${few}`);
  if (flags.batch !== undefined) {
    const { outDir, pin, batch: sizesOfBatch } = flags;
    const limits = { ...imageLimit(flags), ...(pin === undefined ? {} : { pin }) };
    const batches = configurations.flatMap((each) => sizesOfBatch.map((batch) => ({ ...each, batch })));
    await benchBatches(output, {
      configurations: batches,
      rounds,
      roundMs,
      image,
      benchRun,
      outDir,
      warnings,
      ...limits,
    });
    return;
  }
  const turns = configurations.length * (rounds + 2);
  const progress = startProgress(output, turns, 'turns');
  const results = await interruptible(
    () => 'a bench that is cut short has no result: run it again',
    (signal) =>
      runBenchTurns({
        configurations,
        rounds,
        roundMs,
        ...(flags.pin === undefined ? {} : { pin: flags.pin }),
        ...imageLimit(flags),
        onProgress: (done) => progress.update(done),
        signal,
      }),
  ).finally(() => progress.stop());
  printResult(output, benchTable(results));
  const ranked = rankConfigurations(results);
  const ratios = ratioTable(results, ranked);
  if (ratios !== undefined) printResult(output, ratios);
  const load = results.flatMap((result) => ('failure' in result ? [] : (loadOfOthers(result) ?? [])));
  for (const warning of loadWarnings(load[0])) printNote(`warning: ${warning}`);
  const records: ResultRecord[] = [];
  for (const [index, result] of results.entries()) {
    if ('failure' in result) {
      printNote(`not measured: ${nameOf(result)}: ${result.failure}`);
      process.exitCode = Math.max(Number(process.exitCode ?? 0), result.exitCode);
    } else {
      const browsers = await browserEnvironments([result.init.backend]);
      const runtimes = await runtimeVersions(result.init.backend as BackendId);
      const { pin } = flags;
      const ratioToFirst = ranked.flat().find((configuration) => configuration.index === index)?.ratioToFirst;
      const content = benchRecord(result, configurations[index].model, {
        ...(pin === undefined ? {} : { pin }),
        ...{ image, benchRun, browsers, runtimes },
        machine: warnings,
        ...(ratioToFirst === undefined ? {} : { ratioToFirst }),
      });
      const file = recordFile(flags.outDir, nameOf(result), content, { rounds, roundMs, pin });
      records.push(await writeRecord(output, file, content));
    }
  }
  if (records.length > 0) printResult(output, formatRunProvenance(records));
}

function nameOf({ init }: BenchResult): string {
  return `${init.model.card.id}-${init.backend}-${init.size.name}-t${init.threads}`;
}

/** Which photograph: the first 12 digits of the SHA-256 of its bytes. */
async function imageDigest(file: string): Promise<string> {
  const { sha256 } = await readImageFile(file);
  return sha256.slice(0, 12);
}

/** The images of the data set in use, the embedded one unless the environment names another. */
async function dataSetImages(): Promise<string[]> {
  const { root } = await resolveDataset(undefined);
  return (await listWiderImages(root)).map(({ file }) => file);
}

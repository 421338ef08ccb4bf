import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type BenchSize, parseBenchSize, readImageFile, type Scenario } from '@retinabench/backends';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import { askedProtocol, imageLimit, type ProtocolFlags } from '../detection/flags.js';
import { type QueueFlags, requireQueue } from '../queue/queue-flags.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printNote } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { benchBatches } from './batch.js';
import { benchFleet } from './fleet-throughput.js';
import { benchLatency } from './latency.js';
import { machineWarnings } from './machine-warnings.js';
import { type ModeFlags, settleModeFlags } from './mode-flags.js';
import { tooFewRounds } from './rank-rounds.js';
import { benchScenario } from './scenario.js';
import { type ScenarioFlags, scenarioOf } from './scenario-flags.js';
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

/** What every way of measuring needs. */
interface Prepared {
  readonly flags: BenchFlags;
  readonly settled: ReturnType<typeof settleModeFlags>;
  readonly models: readonly LoadedModel[];
  readonly asked: ReturnType<typeof askedProtocol>;
  readonly files: readonly string[];
  /** What about the machine makes its times doubtful. */
  readonly warnings: readonly string[];
}

/** The action of `retinabench bench`. */
export async function runBench(flags: BenchFlags): Promise<void> {
  const output = outputOf(flags);
  requireQueue(flags);
  const scenario = requireOneMode(flags);
  const settled = settleModeFlags(flags);
  const models = await Promise.all(flags.model.map((model) => resolveModel(model)));
  const sizes = settled.size.map(parseBenchSize);
  const asked = askedProtocol(flags);
  await requireWritable(path.join(flags.outDir, '*.json'), { ...recordOutput, flag: '--out-dir DIR' });
  const warnings = machineWarnings();
  for (const warning of warnings) printNote(`warning: ${warning}`);
  const files = flags.image === undefined ? await dataSetImages() : [flags.image];
  const prepared = { flags, settled, models, asked, files, warnings };
  if (flags.queue !== undefined) await measureFleet(output, prepared);
  else if (flags.throughput) await measureThroughput(output, prepared);
  else await measureTimes(output, prepared, sizes, scenario);
}

/** @throws {ProtocolError} if two ways of measuring are asked for, or one that a queue does not have. */
function requireOneMode(flags: BenchFlags): Scenario | undefined {
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
  return scenario;
}

async function measureFleet(output: Output, { flags, settled, files, warnings }: Prepared): Promise<void> {
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
}

async function measureThroughput(output: Output, prepared: Prepared): Promise<void> {
  const { flags, settled, ...given } = prepared;
  const { backend: backends, threads, outDir } = flags;
  const { workers, images } = settled;
  await benchThroughput(output, { ...given, backends, threads, workers, images, outDir, ...imageLimit(flags) });
}

/** Times of single images, of images that come as a scenario has them, or of batches. */
async function measureTimes(
  output: Output,
  { flags, settled, models, asked, files, warnings }: Prepared,
  sizes: readonly BenchSize[],
  scenario: Scenario | undefined,
): Promise<void> {
  const { outDir, pin, batch: batchSizes } = flags;
  const { rounds, roundMs } = settled;
  const imageFile = files[Math.floor(files.length / 2)];
  const image = await imageDigest(imageFile);
  const configurations = models.flatMap((model) =>
    sizes.flatMap((size) =>
      flags.threads.flatMap((threads) =>
        flags.backend.map((backend) => ({ model, backend, threads, size, asked, imageFile })),
      ),
    ),
  );
  const common = { image, outDir, warnings, ...imageLimit(flags), ...(pin === undefined ? {} : { pin }) };
  if (scenario !== undefined) {
    await benchScenario(output, { scenario, configurations, warmUpMs: roundMs, ...common });
    return;
  }
  const job = { ...common, rounds, roundMs, benchRun: randomUUID() };
  const ofOneSize = (configurations.length / sizes.length) * (batchSizes?.length ?? 1);
  const few = tooFewRounds(rounds, ofOneSize);
  if (few !== undefined) printNote(`no ranks: ${few}`);
  if (batchSizes === undefined) {
    await benchLatency(output, { ...job, configurations });
    return;
  }
  const batches = configurations.flatMap((each) => batchSizes.map((batch) => ({ ...each, batch })));
  await benchBatches(output, { ...job, configurations: batches });
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

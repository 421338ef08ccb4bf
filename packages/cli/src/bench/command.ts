import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import {
  type BackendId,
  type BenchResult,
  browserEnvironments,
  browserWarnings,
  detectionSettings,
  parseBenchSize,
  readImageFile,
  runBench,
  runtimeVersions,
} from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import { ProtocolError } from '@retinabench/core';
import { listWiderImages, resolveDataset } from '@retinabench/datasets';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import { defaultModelId } from '@retinabench/models/settings';
import type { ResultRecord } from '@retinabench/results';
import { type Command, InvalidArgumentError } from 'commander';
import {
  addDeviceFlag,
  addImageTimeoutFlag,
  addProtocolFlags,
  askedProtocol,
  imageLimit,
  type ProtocolFlags,
} from '../detection/flags.js';
import { addQueueFlags, type QueueFlags, requireQueue } from '../queue/queue-flags.js';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type BrowserEnvironments, type RecordContent, writeRecord } from '../record/write.js';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { printNote, printResult } from '../terminal/output.js';
import { recordOutput, requireWritable } from '../terminal/output-file.js';
import { startProgress } from '../terminal/progress.js';
import { benchFleet } from './fleet-throughput.js';
import { machineWarnings } from './machine-warnings.js';
import { benchTable } from './table.js';
import { benchThroughput } from './throughput.js';

interface BenchFlags extends ProtocolFlags, OutputFlags, Partial<QueueFlags> {
  readonly model: readonly string[];
  readonly backend: readonly string[];
  readonly size: readonly string[];
  readonly threads: readonly number[];
  readonly image?: string;
  readonly rounds: number;
  readonly roundMs: number;
  readonly pin?: string;
  readonly outDir: string;
  readonly imageTimeout: number;
  readonly throughput?: boolean;
  readonly workers: readonly number[];
  readonly images: number;
}

/** Register `retinabench bench`. */
export function registerBench(program: Command): void {
  const list = (value: string): string[] => value.split(',').filter((item) => item !== '');
  const numbers = (value: string): number[] =>
    list(value).map((item) => {
      const number = Number(item);
      if (!Number.isInteger(number) || number < 1)
        throw new InvalidArgumentError('expected whole numbers of at least 1.');
      return number;
    });
  const command = program
    .command('bench')
    .option('--model <ids>', 'model ids or .onnx paths, comma-separated', list, [defaultModelId])
    .option('--backend <ids>', 'backends, comma-separated', list, ['ort-node'])
    .option('--size <sizes>', 'vga (640x480), hd (1920x1080), 4k (4096x2160) or WxH, comma-separated', list, ['vga'])
    .option('--threads <list>', 'threads of each session, comma-separated', numbers, [1])
    .option('--image <file>', 'photograph to detect on, resized to each size (default: one of the data set)')
    .option('--rounds <n>', 'rounds; in each, every configuration runs once', wholeNumber(1), 10)
    .option('--round-ms <n>', "length of one configuration's share of a round", wholeNumber(1), 400)
    .option('--pin <cpus>', 'pin all processes to these processors (Linux)')
    .option('--throughput', 'images a second of the whole pipeline over worker processes, on images of the data set')
    .option('--workers <list>', 'with --throughput: worker processes, comma-separated', numbers, [
      1,
      availableParallelism(),
    ])
    .option('--images <n>', 'with --throughput: images of each configuration', wholeNumber(3), 200)
    .option('--out-dir <dir>', 'folder for the records, one a configuration', path.join('results', 'latency'));
  addOutputFlags(addQueueFlags(addImageTimeoutFlag(addProtocolFlags(addDeviceFlag(command)))))
    .addHelpText(
      'after',
      `
Each configuration (model x backend x size x threads) is a process of its own; they take turns, so that a drift of the
machine hits all alike. Load and first run are kept apart from the steady state. Compare only what ran together.
The exit code is 2 or 3 where a configuration could not be measured; the others are.

Example:
  retinabench bench --model retinaface-mnet025 --backend ort-node,ort-wasm --size vga,hd --threads 1 --score-floor 0.5`,
    )
    .action(runBenchCommand);
}

async function runBenchCommand(flags: BenchFlags): Promise<void> {
  const output = outputOf(flags);
  requireQueue(flags);
  if (flags.queue !== undefined && flags.throughput !== true) {
    throw new ProtocolError(
      '--queue: latency is never measured through a queue; add --throughput, or leave --queue out',
    );
  }
  const models = await Promise.all(flags.model.map((model) => resolveModel(model)));
  const sizes = flags.size.map(parseBenchSize);
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
      images: flags.images,
      outDir: flags.outDir,
    });
    return;
  }
  if (flags.throughput) {
    const { backend: backends, threads, workers, images, outDir } = flags;
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
  const turns = configurations.length * (flags.rounds + 2);
  const progress = startProgress(output, turns, 'turns');
  const results = await interruptible(
    () => 'a bench that is cut short has no result: run it again',
    (signal) =>
      runBench({
        configurations,
        rounds: flags.rounds,
        roundMs: flags.roundMs,
        ...(flags.pin === undefined ? {} : { pin: flags.pin }),
        ...imageLimit(flags),
        onProgress: (done) => progress.update(done),
        signal,
      }),
  ).finally(() => progress.stop());
  printResult(output, benchTable(results));
  const records: ResultRecord[] = [];
  const benchRun = randomUUID();
  for (const [index, result] of results.entries()) {
    if ('failure' in result) {
      printNote(`not measured: ${nameOf(result)}: ${result.failure}`);
      process.exitCode = Math.max(Number(process.exitCode ?? 0), result.exitCode);
    } else {
      const browsers = await browserEnvironments([result.init.backend]);
      const runtimes = await runtimeVersions(result.init.backend as BackendId);
      const content = contentOf(result, configurations[index].model, {
        ...{ flags, image, benchRun, browsers, runtimes },
        machine: warnings,
      });
      const { rounds, roundMs, pin } = flags;
      const file = recordFile(flags.outDir, nameOf(result), content, { rounds, roundMs, pin });
      records.push(await writeRecord(output, file, content));
    }
  }
  if (records.length > 0) printResult(output, formatRunProvenance(records));
}

function nameOf({ init }: BenchResult): string {
  return `${init.model.card.id}-${init.backend}-${init.size.name}-t${init.threads}`;
}

function contentOf(
  result: Exclude<BenchResult, { failure: string }>,
  { card, sizeBytes, warnings: doubts }: LoadedModel,
  {
    flags,
    image,
    benchRun,
    machine,
    browsers,
    runtimes,
  }: {
    readonly flags: BenchFlags;
    readonly image: string;
    readonly benchRun: string;
    readonly machine: readonly string[];
    readonly browsers: BrowserEnvironments;
    readonly runtimes: Readonly<Record<string, string>>;
  },
): RecordContent {
  const { init, latencyMs, onceMs, outliers } = result;
  const warnings = [...machine, ...doubts, ...browserWarnings(browsers)];
  if (outliers > 0)
    warnings.push(
      `${outliers} of ${latencyMs.total.n} repetitions stand apart (more than 5 deviations above the median)`,
    );
  if (result.faces === 0) {
    warnings.push(
      'no face was found: the times leave out most of the work after the network; give --image a picture with faces',
    );
  }
  if (flags.pin !== undefined && !result.pinned) warnings.push(`--pin ${flags.pin} could not be applied here`);
  return {
    kind: 'latency',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: init.backend, version: result.backendVersion, threads: init.threads },
    protocol: {
      ...detectionSettings(result.protocol, card),
      imageWidthPx: init.size.widthPx,
      imageHeightPx: init.size.heightPx,
      threads: init.threads,
      image,
    },
    code: detectionBuild(),
    runtimes,
    browsers,
    // A circumstance of this run, as the machine is: variants measured apart can be compared.
    ...(result.pinned && flags.pin !== undefined ? { pinnedTo: flags.pin } : {}),
    latencyMs,
    benchRun,
    onceMs,
    // An outcome, and so no part of the protocol: two variants of a model are compared in speed.
    metrics: {
      faces: result.faces,
      ...(result.pageMemoryBytes === undefined ? {} : { pageMemoryBytes: result.pageMemoryBytes }),
    },
    ...(result.memoryPeakBytes === undefined ? {} : { memoryPeakBytes: result.memoryPeakBytes }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
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

import os, { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { isRetinaBenchError } from '@retinabench/core';
import { resolveDataset } from '@retinabench/datasets';
import { defaultCacheDir, isFolder } from '@retinabench/files';
import { resolveModel } from '@retinabench/models/node';
import type { ServeOptions, SetupModel, WorkerKinds } from '@retinabench/queue';
import type { Command } from 'commander';
import { decideExit, exitCodes } from '../exit.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { queueUrl } from './queue-flags.js';

interface WorkerFlags extends OutputFlags {
  readonly queue: string;
  readonly data?: readonly string[];
  readonly model?: readonly string[];
  readonly backend?: string;
  readonly workers: number;
  readonly name?: string;
  readonly exitWhenIdle?: number;
}

/** Register `retinabench worker`. */
export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .option(
      '--queue <url>',
      'where runs come from: redis://, rediss:// or postgres:// (default: RETINABENCH_QUEUE)',
      'env',
    )
    .option('--data <dirs...>', 'folders of the same images that the runs are about; what is in none is fetched')
    .option('--model <files...>', 'models that this machine has, .onnx; beside those that --model of other verbs finds')
    .option('--backend <list>', 'take only runs of these backends')
    .option('--workers <n>', 'worker processes, each with a session', wholeNumber(1), availableParallelism())
    .option('--name <name>', 'as the fleet sees it (default: host and process)')
    .option('--exit-when-idle <seconds>', 'end after so long without work', numberBetween(1, 10_000_000));
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Works on the units of all runs of the queue in turn, until it is told to end: the first Ctrl-C (or SIGTERM) takes no more and ends
when the units in hand are done, the second gives them back. Killed, its units go to others after their lock has run out.
A run that this machine would give other numbers of (other code, runtime, processor or images) is refused with the reason.

Examples:
  retinabench worker --queue redis://queue:6379 --data ../shared/datasets/wider
  RETINABENCH_QUEUE=rediss://bench:secret@queue:6380 retinabench worker --workers 4 --exit-when-idle 600`,
    )
    .action((flags: WorkerFlags) => runWorker(flags));
}

async function runWorker(flags: WorkerFlags): Promise<void> {
  const output = outputOf(flags);
  const url = queueUrl(flags.queue);
  const roots = await imageRoots(flags.data);
  const [{ openEngine, serveUnits }, { detectionKind }, { extractionKind }] = await Promise.all([
    import('@retinabench/queue'),
    import('./detection-kind.js'),
    import('./extraction-kind.js'),
  ]);
  const kinds: WorkerKinds = new Map([
    ['detect', detectionKind],
    ['extract', extractionKind],
  ]);
  const engine = await openEngine(url, { onNote: printNote });
  const [drain, stop] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (drain.signal.aborted) stop.abort();
    else {
      printNote('no more units are taken; those in hand are finished (once more gives them back)');
      drain.abort();
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    if (!output.quiet) printNote(`queue: ${engine.description} at ${engine.address.shown}`);
    const images = await serveUnits({
      ...meansOf(output, flags, roots),
      engine,
      kinds,
      drain: drain.signal,
      stop: stop.signal,
    });
    printResult(output, `${images} images done`);
    printJson(output, { images });
    if (stop.signal.aborted) decideExit(exitCodes.interrupted);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await engine.close().catch(() => undefined);
  }
}

/** The folders that images lie below: those that are named, else the data set that other verbs take without `--data`. */
async function imageRoots(named: readonly string[] | undefined): Promise<string[]> {
  const roots: string[] = [];
  for (const name of named ?? [undefined]) {
    const isPath = name !== undefined && (await isFolder(name));
    roots.push(path.resolve(isPath ? name : (await resolveDataset(name)).root));
  }
  return roots;
}

/** What this machine brings. */
function meansOf(
  output: Output,
  flags: WorkerFlags,
  roots: readonly string[],
): Omit<ServeOptions, 'engine' | 'kinds' | 'drain' | 'stop'> {
  const { model = [], backend, workers, name, exitWhenIdle } = flags;
  return {
    name: name ?? `${os.hostname()}:${process.pid}`,
    slots: workers,
    places: { roots, scratch: path.join(tmpdir(), `retinabench-worker-${process.pid}`) },
    ...(backend === undefined ? {} : { backends: backend.split(',').map((id) => id.trim()) }),
    ...(exitWhenIdle === undefined ? {} : { idleMs: exitWhenIdle * 1000 }),
    modelFolder: path.join(defaultCacheDir(), 'queue-models'),
    findModel: (asked) => findModel(asked, model),
    onNote: printNote,
    onUnit: ({ run, images, imagesPerSecond }) => {
      if (!output.quiet) printNote(`run ${run}: ${images} images, ${imagesPerSecond.toFixed(1)} images/s`);
    },
  };
}

/** The bytes of a model that this machine has: of a named file, or by its id; whether they are the right ones is asked later. */
async function findModel({ id }: SetupModel, files: readonly string[]): Promise<Uint8Array | undefined> {
  for (const file of files) {
    const { bytes, card } = await resolveModel(file);
    if (card.id === id) return bytes;
  }
  try {
    return (await resolveModel(id)).bytes;
  } catch (error) {
    if (isRetinaBenchError(error)) return undefined;
    throw error;
  }
}

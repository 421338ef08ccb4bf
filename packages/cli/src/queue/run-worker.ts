import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { isRetinaBenchError } from '@retinabench/core';
import { defaultCacheDir, isFolder } from '@retinabench/files';
import type { ServeOptions, SetupModel, WorkerKind, WorkerKinds } from '@retinabench/queue';
import { decideExit, exitCodes } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { queueUrl } from './queue-flags.js';

/** The flags of `retinabench worker`. */
export interface WorkerFlags extends OutputFlags {
  readonly queue: string;
  readonly data?: readonly string[];
  readonly model?: readonly string[];
  readonly backend?: string;
  readonly workers: number;
  readonly name?: string;
  readonly exitWhenIdle?: number;
}

/** What a worker can do; how is loaded with the first run that asks for it. */
const kinds: WorkerKinds = new Map<string, WorkerKind>([
  [
    'detect',
    {
      prepare: async () => (await import('./detection-kind.js')).detectionModule,
      open: async (...run) => (await import('./detection-kind.js')).detectionKind.open(...run),
    },
  ],
  ['extract', { open: async (...run) => (await import('./extraction-kind.js')).extractionKind.open(...run) }],
]);

/** Work on the runs of a queue until told to end. */
export async function runWorker(flags: WorkerFlags): Promise<void> {
  const output = outputOf(flags);
  const url = queueUrl(flags.queue);
  const roots = await imageRoots(flags.data);
  const { openEngine, scratchFolder, serveUnits } = await import('@retinabench/queue');
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
      ...meansOf(output, flags, { roots, scratch: await scratchFolder(tmpdir()) }),
      engine,
      kinds,
      drain: drain.signal,
      stop: stop.signal,
    });
    printResult(output, `${formatImages(images)} done`);
    printJson(output, { images });
    if (stop.signal.aborted) decideExit(exitCodes.interrupted);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await engine.close().catch(() => undefined);
  }
}

function formatImages(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'}`;
}

/** The folders that images lie below: those that are named, else the data set that other verbs take without `--data`. */
async function imageRoots(named: readonly string[] | undefined): Promise<string[]> {
  const roots: string[] = [];
  for (const name of named ?? [undefined]) {
    const isPath = name !== undefined && (await isFolder(name));
    if (isPath) roots.push(path.resolve(name));
    else {
      const { resolveDataset } = await import('@retinabench/datasets');
      roots.push(path.resolve((await resolveDataset(name)).root));
    }
  }
  return roots;
}

/** What this machine brings. */
function meansOf(
  output: Output,
  flags: WorkerFlags,
  places: ServeOptions['places'],
): Omit<ServeOptions, 'engine' | 'kinds' | 'drain' | 'stop'> {
  const { model = [], backend, workers, name, exitWhenIdle } = flags;
  return {
    name: name ?? `${os.hostname()}:${process.pid}`,
    slots: workers,
    places,
    ...(backend === undefined ? {} : { backends: backend.split(',').map((id) => id.trim()) }),
    ...(exitWhenIdle === undefined ? {} : { idleMs: exitWhenIdle * 1000 }),
    modelFolder: path.join(defaultCacheDir(), 'queue-models'),
    findModel: (asked) => findModel(asked, model),
    onNote: printNote,
    onUnit: ({ run, images, imagesPerSecond }) => {
      if (!output.quiet) printNote(`run ${run}: ${formatImages(images)}, ${imagesPerSecond.toFixed(1)} images/s`);
    },
  };
}

/** The bytes of a model that this machine has: of a named file, or by its id; whether they are the right ones is asked later. */
async function findModel({ id }: SetupModel, files: readonly string[]): Promise<Uint8Array | undefined> {
  const { resolveModel } = await import('@retinabench/models/node');
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

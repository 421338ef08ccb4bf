import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SpareWorkers } from '@retinabench/backends/workers';
import { BackendError } from '@retinabench/core';
import { makeFolder, replaceFile } from '@retinabench/files';
import { fetchBlob } from '../blobs/fetch-blob.js';
import type { RunSetup, SetupModel } from '../messages/run-setup.js';
import { compareConditions } from '../messages/worker-conditions.js';
import type { ImagePlaces } from './locate-images.js';
import { RunRefused, ServedRun } from './served-run.js';
import type { WorkerKinds } from './worker-kind.js';

/** What a worker brings to every run. */
export interface WorkerMeans extends WorkerResources {
  /** Child processes that wait for a run. */
  spares(): SpareWorkers | undefined;
  /** Told when a child process has taken a task that waited: there may be room for another unit. */
  onTaken(): void;
}

/** What a machine has for runs. */
export interface WorkerResources {
  readonly kinds: WorkerKinds;
  readonly slots: number;
  readonly places: ImagePlaces;
  /** Runtimes that it takes runs of; absent: all that are installed. */
  readonly backends?: readonly string[];
  /** Folder for models that were fetched. */
  readonly modelFolder: string;
  /** A model of this machine by its id, if there is one of these bytes. */
  findModel(model: SetupModel): Promise<Uint8Array | undefined>;
}

/**
 * Make ready for a run: models, runtime, and whether this machine gives the numbers that are asked for.
 *
 * @throws {RunRefused} if it does not.
 * @throws typed errors of models and runtimes.
 */
export async function joinRun(setup: RunSetup, means: WorkerMeans): Promise<ServedRun> {
  const { kinds, slots, places, backends, onTaken } = means;
  const kind = kinds.get(setup.kind);
  const { backend } = setup.conditions;
  if (kind === undefined) {
    throw new RunRefused(`this version does no ${setup.kind}; use the same version of retinabench on all machines`);
  }
  if (backends !== undefined && !backends.includes(backend.id)) {
    throw new RunRefused(`it asks for the backend ${backend.id}, and --backend names ${backends.join(', ')}`);
  }
  const opened = await kind.open(setup, (model) => modelBytes(model, setup, means));
  const differences = compareConditions(setup.conditions, opened.conditions);
  const refused = differences.filter((difference) => !setup.allow.includes(difference.kind));
  if (refused.length > 0) {
    const kindsOfIt = [...new Set(refused.map((difference) => difference.kind))].join(',');
    throw new RunRefused(
      `${refused.map(({ text }) => text).join('; ')}; make the machines alike, or allow it, named in the record, with --allow ${kindsOfIt} at the coordinator`,
    );
  }
  const spares = means.spares();
  return new ServedRun(setup, opened, {
    slots,
    places,
    differs: differences.map(({ text }) => text),
    onTaken,
    ...(spares === undefined ? {} : { spares }),
  });
}

/** The bytes of a model: of this machine, fetched before, or fetched now. */
async function modelBytes(model: SetupModel, setup: RunSetup, means: WorkerMeans): Promise<Uint8Array> {
  const { id, sha256 } = model;
  const own = await means.findModel(model);
  if (own !== undefined && sha256Of(own) === sha256) return own;
  const file = path.join(means.modelFolder, `${sha256}.onnx`);
  if (existsSync(file)) {
    const held = await readFile(file);
    if (sha256Of(held) === sha256) return held;
  }
  if (setup.source === undefined) {
    throw new BackendError(
      `model ${id} (${sha256.slice(0, 12)}): expected it on this machine, got ${own === undefined ? 'none of that id' : 'another of that id'}; get it here (retinabench models pull ${id}), name its file with --model FILE, or let the coordinator send it with --serve-images`,
    );
  }
  const bytes = await fetchBlob(setup.source, sha256, model.bytes);
  // Without a place to keep it, it is fetched again next time.
  await makeFolder(means.modelFolder).then(
    () => replaceFile(file, bytes),
    () => undefined,
  );
  return bytes;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

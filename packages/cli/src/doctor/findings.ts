import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Availability,
  type BrowserState,
  backendIds,
  browserStates,
  deviceNames,
  findDevice,
  loadBackend,
} from '@retinabench/backends';
import { freeDiskBytes } from '@retinabench/datasets';
import { defaultCacheDir, makeFolder } from '@retinabench/files';
import { defaultModelFolders, type KnownModel, knownModels } from '@retinabench/models/node';
import { type DatasetState, datasetStates } from '../datasets/dataset-states.js';

/** A backend and whether it runs here. */
export interface BackendFinding {
  readonly id: string;
  readonly availability: Availability;
  /** Absent if the backend is not available. */
  readonly version?: string;
}

/** What `retinabench doctor` looks at. */
export interface Findings {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly os: string;
  };
  readonly cache: { readonly folder: string; readonly writable: boolean; readonly freeBytes?: number };
  readonly backends: readonly BackendFinding[];
  /** Devices of ort-node beside the processor. */
  readonly devices: readonly BackendFinding[];
  readonly browsers: readonly BrowserState[];
  readonly datasets: readonly DatasetState[];
  /** What a command without `--data` runs on: a root, or `mini`. */
  readonly defaultDataset: string;
  readonly models: readonly KnownModel[];
}

/** Look at this machine; never throws for what it finds missing. */
export async function gatherFindings(): Promise<Findings> {
  const folder = defaultCacheDir();
  const freeBytes = await freeDiskBytes(folder);
  const datasets = await datasetStates(folder);
  const pulled = datasets.find(({ name, state }) => name === 'wider-val' && state === 'here')?.root;
  return {
    machine: {
      node: process.version,
      cpu: os.cpus()[0]?.model.trim() || 'unknown',
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      os: `${os.platform()} ${os.release()} ${os.arch()}`,
    },
    cache: { folder, writable: await isWritable(folder), ...(freeBytes !== undefined && { freeBytes }) },
    backends: await Promise.all(backendIds.map(inspectBackend)),
    devices: await Promise.all(
      deviceNames.filter((name) => name !== 'cpu').map(async (name) => ({ id: name, ...(await findDevice(name)) })),
    ),
    browsers: browserStates(),
    datasets,
    defaultDataset: process.env.RETINABENCH_DATA || pulled || 'mini',
    models: await knownModels(defaultModelFolders()),
  };
}

async function inspectBackend(id: string): Promise<BackendFinding> {
  try {
    const backend = await loadBackend(id);
    const availability = await backend.availability();
    return { id, availability, ...(availability.available && { version: await backend.version() }) };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    return { id, availability: { available: false, reason, remedy: 'reinstall the dependencies: npm ci' } };
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder);
    await access(path.resolve(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

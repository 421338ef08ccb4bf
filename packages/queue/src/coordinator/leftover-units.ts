import { isRetinaBenchError } from '@retinabench/core';
import type { JobStore, StoredJob } from '../engine/engine.js';
import { parseUnit } from '../messages/unit.js';
import type { FleetCodec } from './fleet-codec.js';
import { type OpenUnit, readTasks } from './issue-unit.js';

/** A run that an earlier coordinator may have given out units of. */
export interface LeftoverSource<Task, Result> {
  readonly units: JobStore;
  readonly run: string;
  readonly codec: FleetCodec<Task, Result>;
  readonly root: string | undefined;
  readonly tasks: readonly Task[];
  /** Whether a task still has to be done. */
  isOpen(index: number): boolean;
}

/**
 * What an earlier coordinator of a run gave out, with its results first: as a unit where all its tasks are still to be done and
 * its images have the same bytes; without one where it does not fit.
 */
export async function* leftoverUnits<Task, Result>(
  source: LeftoverSource<Task, Result>,
): AsyncGenerator<{ readonly id: string; readonly unit?: OpenUnit }> {
  const { units, codec, tasks } = source;
  const { waiting, active, completed } = await units.counts();
  const left = waiting + active + completed;
  if (left === 0) return;
  const byName = new Map(tasks.map((task, index) => [namesOf(codec.imagesOf(task)), index] as const));
  for (const state of ['completed', 'active', 'waiting'] as const) {
    for (const job of await units.list(state, left)) {
      const unit = await fitting(source, job, byName);
      yield unit === undefined ? { id: job.id } : { id: job.id, unit };
    }
  }
}

async function fitting<Task, Result>(
  { run, codec, root, tasks, isOpen }: LeftoverSource<Task, Result>,
  { id, data }: StoredJob,
  byName: ReadonlyMap<string, number>,
): Promise<OpenUnit | undefined> {
  try {
    const unit = parseUnit(data, id);
    const indices = unit.tasks.map(({ images }) => byName.get(namesOf(images)) ?? -1);
    if (unit.run !== run || indices.some((index) => index < 0 || !isOpen(index))) return undefined;
    // A file that cannot be read any more is found out when its task is given out.
    const read = await readTasks(codec, root, tasks, indices, () => undefined);
    const isSame =
      read.length === indices.length &&
      read.every(({ task }, i) => hashesOf(task.images) === hashesOf(unit.tasks[i].images));
    return isSame ? { id, unit, indices, readings: read.map(({ readings }) => readings) } : undefined;
  } catch (error) {
    if (isRetinaBenchError(error)) return undefined;
    throw error;
  }
}

function namesOf(images: readonly { readonly name: string }[]): string {
  return images.map(({ name }) => name).join('\n');
}

function hashesOf(images: readonly { readonly sha256: string }[]): string {
  return images.map(({ sha256 }) => sha256).join(' ');
}

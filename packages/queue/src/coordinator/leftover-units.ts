import { isRetinaBenchError } from '@retinabench/core';
import type { JobStore, StoredJob } from '../engine/engine.js';
import { parseUnit, type UnitImage } from '../messages/unit.js';
import { conditionKindOf } from '../messages/worker-conditions.js';
import type { FleetCodec } from './fleet-codec.js';
import { type OpenUnit, readTasks } from './issue-unit.js';

/** A run that an earlier coordinator may have given out units of. */
export interface LeftoverSource<Task, Result> {
  readonly units: JobStore;
  readonly run: string;
  readonly codec: FleetCodec<Task, Result>;
  readonly root: string | undefined;
  readonly tasks: readonly Task[];
  /** In what workers may differ now. */
  readonly allow: readonly string[];
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
  { run, codec, root, tasks, allow, isOpen }: LeftoverSource<Task, Result>,
  { id, data, result }: StoredJob,
  byName: ReadonlyMap<string, number>,
): Promise<OpenUnit | undefined> {
  try {
    const unit = parseUnit(data, id);
    const indices = unit.tasks.map(({ images }) => byName.get(namesOf(images)) ?? -1);
    if (unit.run !== run || indices.some((index) => index < 0 || !isOpen(index))) return undefined;
    if (!isAllowed(result, allow)) return undefined;
    // A file that cannot be read any more is found out when its task is given out.
    const read = await readTasks(codec, root, tasks, indices, () => undefined);
    const isSame =
      read.length === indices.length &&
      read.every(({ task }, i) => contentOf(task.images) === contentOf(unit.tasks[i].images));
    return isSame ? { id, unit, indices, readings: read.map(({ readings }) => readings) } : undefined;
  } catch (error) {
    if (isRetinaBenchError(error)) return undefined;
    throw error;
  }
}

/** Whether a result, if there is one, was made on a machine that may take part. */
function isAllowed(result: unknown, allow: readonly string[]): boolean {
  const { differs } = (result ?? {}) as { readonly differs?: unknown };
  return !Array.isArray(differs) || differs.every((text) => allow.includes(conditionKindOf(String(text))));
}

function namesOf(images: readonly { readonly name: string }[]): string {
  return images.map(({ name }) => name).join('\n');
}

/** What the results depend on: bytes, and numbers that belong to them. */
function contentOf(images: readonly Pick<UnitImage, 'sha256' | 'numbers'>[]): string {
  return images.map(({ sha256, numbers = [] }) => [sha256, ...numbers].join(' ')).join('\n');
}

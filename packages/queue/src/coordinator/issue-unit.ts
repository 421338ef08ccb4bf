import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Unit, UnitImage, UnitTask } from '../messages/unit.js';
import type { FileReading, FleetCodec } from './fleet-codec.js';

/** A unit that was given out and has no result yet. */
export interface OpenUnit {
  readonly id: string;
  readonly unit: Unit;
  /** The tasks, by their place among those of the pool. */
  readonly indices: readonly number[];
  /** What was read of each image of each task. */
  readonly readings: readonly (readonly FileReading[])[];
}

/** A task that a worker is to do, its files read. */
export interface ReadTask {
  readonly index: number;
  /** Without the images whose results are at hand. */
  readonly task: UnitTask;
  /** Of all its images. */
  readonly readings: readonly FileReading[];
}

/**
 * Read the files of a task for their hashes.
 *
 * @param root the folder that workers have, too; a file outside of it has no path there.
 * @returns the task; with no images if the results of all are at hand.
 * @throws what `codec.read` throws.
 */
async function readTask<Task, Result>(
  codec: FleetCodec<Task, Result>,
  root: string | undefined,
  index: number,
  task: Task,
): Promise<ReadTask> {
  const images = codec.imagesOf(task);
  const readings = await Promise.all(images.map(({ file }) => codec.read(file)));
  const asked = images.flatMap(({ name, file, knownSha256, numbers }, i): UnitImage[] => {
    const { sha256 } = readings[i];
    if (sha256 === knownSha256) return [];
    const place = pathBelow(root, file);
    return [
      {
        name,
        sha256,
        ...(place === undefined ? {} : { path: place }),
        ...(numbers === undefined ? {} : { numbers }),
      },
    ];
  });
  return { index, task: { images: asked }, readings };
}

/** Files that are read at a time. */
const readsAtOnce = 8;

/**
 * Read the files of several tasks.
 *
 * @param onFailure told of a task whose files cannot be read; it is left out.
 */
export async function readTasks<Task, Result>(
  codec: FleetCodec<Task, Result>,
  root: string | undefined,
  tasks: readonly Task[],
  indices: readonly number[],
  onFailure: (index: number, reason: unknown) => void,
): Promise<ReadTask[]> {
  const read: ReadTask[] = [];
  for (let start = 0; start < indices.length; start += readsAtOnce) {
    const block = indices.slice(start, start + readsAtOnce);
    const settled = await Promise.allSettled(block.map((index) => readTask(codec, root, index, tasks[index])));
    settled.forEach((outcome, i) => {
      if (outcome.status === 'fulfilled') read.push(outcome.value);
      else onFailure(block[i], outcome.reason);
    });
  }
  return read;
}

/** Where a file lies below a folder, steps joined by `/`; undefined outside of it. */
function pathBelow(root: string | undefined, file: string): string | undefined {
  if (root === undefined) return undefined;
  const relative = path.relative(root, file);
  const isBelow = relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
  return isBelow ? relative.split(path.sep).join('/') : undefined;
}

/** The unit of some tasks. Its id names run, range and content, so that the same work has the same id. */
export function makeUnit(run: string, tasks: readonly ReadTask[], alone: boolean): OpenUnit {
  const unit: Unit = { version: 1, run, tasks: tasks.map(({ task }) => task), ...(alone ? { alone: true } : {}) };
  const indices = tasks.map(({ index }) => index);
  const content = createHash('sha256').update(JSON.stringify(unit)).digest('hex').slice(0, 10);
  const range = `${indices[0]}-${indices[indices.length - 1]}`;
  return {
    id: `${run}-${range}-${content}`,
    unit,
    indices,
    readings: tasks.map(({ readings }) => readings),
  };
}

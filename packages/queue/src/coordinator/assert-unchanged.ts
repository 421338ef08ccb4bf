import { DatasetError } from '@retinabench/core';
import type { FleetCodec } from './fleet-codec.js';
import type { OpenUnit } from './issue-unit.js';

/** Files that are read at a time. */
const readsAtOnce = 8;

/** What a user does about it. */
const next = 'finished images are kept: run the same command again to go on with what is there now';

/**
 * Make sure that the images of units that are out still have the bytes that the units name: workers that read or fetch others
 * take no part in the run.
 *
 * @throws {DatasetError} naming the first file that was replaced or cannot be read any more.
 */
export async function assertUnchanged<Task, Result>(
  units: readonly OpenUnit[],
  codec: FleetCodec<Task, Result>,
  tasks: readonly Task[],
): Promise<void> {
  const images = units.flatMap(({ indices, readings }) =>
    indices.flatMap((index, i) =>
      codec.imagesOf(tasks[index]).map(({ file }, k) => ({ file, given: readings[i][k].sha256 })),
    ),
  );
  for (let start = 0; start < images.length; start += readsAtOnce) {
    await Promise.all(
      images.slice(start, start + readsAtOnce).map(async ({ file, given }) => {
        const now = await sha256Now(codec, file);
        if (now === given) return;
        throw new DatasetError(
          `${file}: replaced while its unit was out: expected bytes ${given.slice(0, 12)}, got ${now.slice(0, 12)}; ${next}`,
        );
      }),
    );
  }
}

async function sha256Now<Task, Result>(codec: FleetCodec<Task, Result>, file: string): Promise<string> {
  try {
    return (await codec.read(file)).sha256;
  } catch (cause) {
    throw new DatasetError(
      `${file}: readable when its unit was given out, and not any more (${(cause as Error).message}); ${next}`,
      { cause },
    );
  }
}

import type { PoolOptions } from '@retinabench/backends/workers';
import type { Engine } from '../engine/engine.js';
import { beatMs } from '../messages/limits.js';
import { unitsName } from '../messages/names.js';
import type { RunSetup } from '../messages/run-setup.js';
import { Dispatcher } from './dispatcher.js';
import type { FleetCodec } from './fleet-codec.js';
import { type FleetProgress, FleetStatistics } from './fleet-statistics.js';
import { FleetWatch } from './fleet-watch.js';
import { RunHold } from './run-hold.js';
import { UnitSize } from './unit-size.js';

/** Longest time that goodbyes to a server take, which may be gone itself. */
const goodbyeMs = 5000;

/** Bytes that workers may fetch, while a run is on. */
export interface BlobOffer {
  offer(sha256: string, file: string): void;
  withdraw(sha256: string): void;
}

/** A run to be worked on by a fleet. */
export interface FleetOptions {
  readonly engine: Engine;
  /** What workers must know; the claim is made here. */
  readonly setup: Omit<RunSetup, 'version' | 'claim'>;
  /** The folder of the images, which workers have, too. */
  readonly root?: string;
  /** Images of a unit; absent: so many that a unit takes 5 to 30 s. */
  readonly unitImages?: number;
  /** Longest time without any worker; absent: no limit. */
  readonly waitMs?: number;
  readonly blobs?: BlobOffer;
  onNote(text: string): void;
  onProgress(progress: FleetProgress): void;
  readonly signal?: AbortSignal;
}

/** The coordinator's side of a fleet: a run that is this process's to give out. */
export interface Fleet {
  /** Does what `runPool` does, by workers of any machine. */
  pool<Init, Task, Result>(
    codec: FleetCodec<Task, Result>,
  ): (options: PoolOptions<Init, Task, Result>) => Promise<void>;
  /** What the fleet has done so far. */
  readonly progress: FleetProgress;
  /**
   * Give the run back.
   *
   * @param finished all is done: nothing of it stays on the server. Otherwise units stay, for the next coordinator.
   */
  close(finished: boolean): Promise<void>;
}

/**
 * Claim a run and let workers know of it.
 *
 * @throws {EnvironmentError} if another process has it.
 * @throws {BackendError} if the server fails.
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { engine, root, onNote, onProgress, signal, blobs, waitMs } = options;
  const hold = await RunHold.claim(engine, options.setup, { onNote, ...(signal === undefined ? {} : { signal }) });
  const { run, allow } = hold.setup;
  const units = engine.jobs(unitsName(run));
  const watch = new FleetWatch(engine, { run, onNote, ...(waitMs === undefined ? {} : { waitMs }) });
  const statistics = new FleetStatistics();
  const size = new UnitSize(options.unitImages);
  const heartbeat = await startHeartbeat(async () => {
    const { images, imagesPerSecond, workers } = statistics.progress;
    await hold.sayAlive({ images, imagesPerSecond, workers });
    await watch.look();
    statistics.look(watch.seen, run);
    onProgress(statistics.progress);
  });
  return {
    pool: (codec) => (pool) =>
      new Dispatcher(pool, {
        run,
        allow,
        codec,
        units,
        size,
        ...(root === undefined ? {} : { root }),
        capacity: () => watch.capacity,
        refusals: () => watch.refusals,
        onUnit: (by, images, tookMs) => {
          size.add(images, tookMs);
          statistics.add(by, images, tookMs);
          onProgress(statistics.progress);
        },
        onRepeated: (images) => statistics.repeat(images),
        offer: (sha256, file) => blobs?.offer(sha256, file),
        withdraw: (sha256) => blobs?.withdraw(sha256),
        onNote,
        isDraining: () => hold.isDraining,
        assertGoingOn: () => heartbeat.assertWell(),
      }).run(),
    get progress() {
      return statistics.progress;
    },
    close: (finished) =>
      withinGoodbye(async () => {
        await heartbeat.stop();
        if ((await hold.release()) && finished) await units.destroy();
      }),
  };
}

/** What a coordinator does again and again while its run is on. */
interface Heartbeat {
  /** @throws what a beat failed with. */
  assertWell(): void;
  /** No beat begins any more. @returns when the last has ended. */
  stop(): Promise<void>;
}

/** Beat now, and every few seconds, one beat after the other. */
async function startHeartbeat(beat: () => Promise<void>): Promise<Heartbeat> {
  let failure: unknown;
  let isStopped = false;
  const once = async (): Promise<void> => {
    if (isStopped) return;
    await beat().catch((error: unknown) => {
      if (!isStopped) failure ??= error;
    });
  };
  await once();
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(once);
  }, beatMs);
  return {
    assertWell: () => {
      if (failure !== undefined) throw failure;
    },
    stop: () => {
      isStopped = true;
      clearInterval(timer);
      return beating;
    },
  };
}

/** Say goodbye to a server that may be gone itself. */
async function withinGoodbye(goodbye: () => Promise<void>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    late = setTimeout(resolve, goodbyeMs);
  });
  await Promise.race([goodbye().catch(() => undefined), patience]);
  clearTimeout(late);
}

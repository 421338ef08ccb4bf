import { randomBytes } from 'node:crypto';
import type { PoolOptions } from '@retinabench/backends/workers';
import { EnvironmentError } from '@retinabench/core';
import { ownIdentity } from '@retinabench/files';
import type { Engine } from '../engine/engine.js';
import { beatMs } from '../messages/limits.js';
import { drainMarkId, marksName, runJobId, runsName, unitsName, workersName } from '../messages/names.js';
import type { RunSetup } from '../messages/run-setup.js';
import { claimRun, inUse, isOurs } from './claim-run.js';
import { Dispatcher } from './dispatcher.js';
import type { FleetCodec } from './fleet-codec.js';
import { type FleetProgress, FleetStatistics } from './fleet-statistics.js';
import { FleetView, type SeenWorker } from './fleet-view.js';
import { UnitSize } from './unit-size.js';

/** Units that are out beyond three for each worker. */
const spareUnits = 4;

/** How long workers have to look at a new run before it is said that none takes part. */
const patienceMs = 10_000;

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
  const { engine, root, onNote, onProgress, signal, blobs } = options;
  const setup: RunSetup = {
    version: 1,
    ...options.setup,
    claim: { token: randomBytes(16).toString('hex'), process: ownIdentity() },
  };
  const runs = engine.jobs(runsName);
  await claimRun(runs, setup, { onNote, ...(signal === undefined ? {} : { signal }) });
  const units = engine.jobs(unitsName(setup.run));
  const view = new FleetView(engine.jobs(workersName));
  const statistics = new FleetStatistics();
  const size = new UnitSize(options.unitImages);
  const told = new Set<string>();
  let seen: readonly SeenWorker[] = [];
  let helpedMs = performance.now();
  let fatal: Error | undefined;
  let beat = 0;
  let isDraining = false;
  const marks = engine.jobs(marksName);
  // A mark on an earlier coordinator of the run is not this one's.
  await marks.remove(drainMarkId(setup.run));

  const look = async (): Promise<void> => {
    seen = await view.look();
    for (const { name, refuses } of seen) {
      for (const { run, reason } of refuses) {
        const text = `worker ${name} does not take part: ${reason}`;
        if (run !== setup.run || told.has(text)) continue;
        told.add(text);
        onNote(text);
      }
    }
    const helping = seen.filter(({ takes, isSilent }) => !isSilent && takes.includes(setup.run));
    if (helping.length > 0) helpedMs = performance.now();
    else if (!told.has('none') && (seen.length === 0 || performance.now() - helpedMs > patienceMs)) {
      told.add('none');
      onNote(`no worker yet; start some: retinabench worker --queue ${engine.address.shown}`);
    }
    const { waitMs } = options;
    if (waitMs !== undefined && performance.now() - helpedMs > waitMs) {
      fatal = new EnvironmentError(
        `no worker has taken part for ${Math.round(waitMs / 1000)} s; start some (retinabench worker --queue ${engine.address.shown}) and run the same command again, or wait longer with --queue-wait SECONDS`,
      );
    }
    statistics.look(seen, setup.run);
    onProgress(statistics.progress);
  };
  const sayAlive = async (): Promise<void> => {
    beat++;
    isDraining = (await marks.stateOf(drainMarkId(setup.run))) !== 'lost';
    const { images, imagesPerSecond, workers } = statistics.progress;
    const isThere = await runs.report(runJobId(setup.run), { beat, images, imagesPerSecond, workers });
    if (!isThere) await runs.add([{ id: runJobId(setup.run), data: setup }]);
    else if (!(await isOurs(runs, setup))) fatal = inUse(setup, 'another process, which has taken it over');
  };
  let isClosed = false;
  let beating: Promise<void> = Promise.resolve();
  const everyBeat = (): Promise<void> =>
    sayAlive()
      .then(look)
      .catch((error: unknown) => {
        if (!isClosed) fatal ??= error as Error;
      });
  await everyBeat();
  const timer = setInterval(() => {
    beating = beating.then(() => (isClosed ? undefined : everyBeat()));
  }, beatMs);

  return {
    pool: (codec) => (pool) =>
      new Dispatcher(pool, {
        run: setup.run,
        allow: setup.allow,
        codec,
        units,
        size,
        ...(root === undefined ? {} : { root }),
        capacity: () => {
          const helping = seen.filter(({ isSilent }) => !isSilent);
          const slots = helping.reduce((sum, worker) => sum + worker.slots, 0);
          return { units: 3 * helping.length + spareUnits, slots: Math.max(slots, 2) };
        },
        onUnit: (by, images, tookMs) => {
          size.add(images, tookMs);
          statistics.add(by, images, tookMs);
          onProgress(statistics.progress);
        },
        onRepeated: (images) => statistics.repeat(images),
        offer: (sha256, file) => blobs?.offer(sha256, file),
        withdraw: (sha256) => blobs?.withdraw(sha256),
        onNote,
        isDraining: () => isDraining,
        assertGoingOn: () => {
          if (fatal !== undefined) throw fatal;
        },
      }).run(),
    get progress() {
      return statistics.progress;
    },
    close: async (finished) => {
      isClosed = true;
      clearInterval(timer);
      const goodbye = async (): Promise<void> => {
        await beating;
        if (!(await isOurs(runs, setup))) return;
        await runs.remove(runJobId(setup.run));
        await marks.remove(drainMarkId(setup.run));
        if (finished) await units.destroy();
      };
      let late: NodeJS.Timeout | undefined;
      await Promise.race([
        goodbye().catch(() => undefined),
        new Promise<void>((resolve) => {
          late = setTimeout(resolve, goodbyeMs);
        }),
      ]);
      clearTimeout(late);
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@retinabench/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { queueServers, type TestServer } from '../support/servers.js';
import { expectedSquares, spawnWorker, squareOnFleet, writeNumbers } from '../support/square-fleet.js';

/** The short version of tools/faults/kill-fleet.mjs: workers that square numbers, and a lock of 1.5 s instead of 60. */
const lockMs = 1500;
const unitImages = 4;
const fleetSize = 4;

/** Wait for the first squares. */
async function squares(count: number, progress: { readonly done: number; readonly isOver: boolean }): Promise<void> {
  await waitUntil(`${count} squares`, () => progress.isOver || progress.done >= count);
}

describe.each(queueServers)('a fleet on $name', ({ name, there, start }) => {
  describe.skipIf(!there)(there ? 'loses nothing and does nothing twice' : `skipped: no ${name} here`, () => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-faults-'));
    const random = seededRandom(1);
    let server: TestServer;
    const workers: ReturnType<typeof spawnWorker>[] = [];
    const replaced: ReturnType<typeof spawnWorker>[] = [];
    const hire = (place: number): void => {
      if (workers[place] !== undefined) replaced.push(workers[place]);
      workers[place] = spawnWorker(server.url, `w${place}`, { root: work, ms: 60 });
    };
    beforeAll(async () => {
      server = await start();
    });
    afterEach(() => {
      for (const worker of [...workers.splice(0), ...replaced.splice(0)]) worker.kill('SIGKILL');
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(work, { recursive: true, force: true });
    });

    /** Square numbers while something happens, which resolves to how many faults there were; check all that came of it. */
    async function disturbed(
      count: number,
      disturb: (progress: { done: number; isOver: boolean }) => Promise<number>,
    ): Promise<void> {
      const files = writeNumbers(work, count);
      const engine = await openEngine(server.url, { onNote: () => undefined });
      for (let place = 0; place < fleetSize; place++) hire(place);
      const progress = { done: 0, isOver: false };
      const run = squareOnFleet({
        engine,
        files,
        root: work,
        lockMs,
        more: { unitImages },
        onSquare: () => {
          progress.done++;
        },
      }).finally(() => {
        progress.isOver = true;
      });
      const faults = await disturb(progress);
      const { squares, failures, repeated, arrived } = await run;
      expect([...failures]).toEqual([]);
      expect(squares).toEqual(expectedSquares(count));
      expect(arrived.length).toBe(count);
      // A worker of one process has two units in hand at most. One that the machine let wait for longer than its lock says so.
      const late = [...workers, ...replaced].map(
        (worker) => worker.said().split('a unit was given to another').length - 1,
      );
      const lateUnits = late.reduce((sum, units) => sum + units, 0);
      expect(repeated).toBeLessThanOrEqual((faults * 2 + lateUnits) * unitImages);
      await engine.close();
    }

    test('while workers are killed at random', async () => {
      await disturbed(240, async (progress) => {
        let faults = 0;
        while (!progress.isOver && progress.done < 180 && faults < 8) {
          await sleep(300 + random() * 900);
          if (progress.done === 0) continue;
          const place = Math.floor(random() * fleetSize);
          workers[place].kill('SIGKILL');
          hire(place);
          faults++;
        }
        return faults;
      });
    });

    test('while a worker is stopped for longer than its lock and goes on', async () => {
      await disturbed(160, async (progress) => {
        await squares(8, progress);
        workers[0].kill('SIGSTOP');
        await sleep(2 * lockMs);
        workers[0].kill('SIGCONT');
        return 1;
      });
    });

    test('while the server is killed and started again', async () => {
      await disturbed(160, async (progress) => {
        await squares(8, progress);
        await server.kill();
        // Workers find it gone.
        await sleep(500);
        await server.restart();
        // Units whose locks ran out meanwhile, of every worker.
        return fleetSize;
      });
    });
  });
});

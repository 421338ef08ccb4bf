import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { fakeClock, hasFakeClock } from '../support/fake-clock.js';
import { postgresFolder, startPostgres, type TestServer } from '../support/servers.js';
import { expectedSquares, spawnWorker, squareOnFleet, writeNumbers } from '../support/square-fleet.js';

const missing = [
  ...(postgresFolder === undefined ? ['no PostgreSQL here'] : []),
  ...(hasFakeClock ? [] : ['no libfaketime here']),
].join(', ');
const lockMs = 20_000;

describe.skipIf(missing !== '')(missing === '' ? 'a fleet on PostgreSQL' : `skipped: ${missing}`, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-clocks-'));
  // The server runs as another user.
  chmodSync(work, 0o755);
  const [ofServer, ofWorker] = ['server', 'worker'].map((name) => fakeClock(path.join(work, `clock-of-${name}`)));
  let server: TestServer;
  const workers: (ChildProcess & { said(): string })[] = [];
  beforeAll(async () => {
    server = await startPostgres(ofServer.env);
  });
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const hire = (name: string, slots: number, env: NodeJS.ProcessEnv = {}) => {
    const worker = spawnWorker(server.url, name, { root: work, slots, ms: 60 }, env);
    workers.push(worker);
    return worker;
  };

  /** Square numbers, of which the first is not known before `release`. */
  async function open() {
    const notes: string[] = [];
    const engine = await openEngine(server.url, { onNote: (text) => notes.push(text) });
    const held = path.join(work, 'release');
    rmSync(held, { force: true });
    const files = writeNumbers(work, 60, { 0: `0 once ${held}` });
    let done = 0;
    const onSquare = (): void => {
      done++;
    };
    const run = squareOnFleet({ engine, files, root: work, lockMs, more: { unitImages: 5 }, onSquare });
    const said = (): string => JSON.stringify([done, ...notes, ...workers.map((worker) => worker.said())]);
    return {
      notes,
      until: (what: string, look: () => boolean) => waitUntil(what, look, { during: run, said }),
      done: () => done,
      release: () => writeFileSync(held, ''),
      finish: async () => {
        const { squares, repeated } = await run;
        expect(squares).toEqual(expectedSquares(60));
        // A worker that the machine holds up loses units, too; it says so.
        const isHeldUp = workers.some((worker) => worker.said().includes('held up by the machine'));
        if (!isHeldUp) expect(repeated).toBe(0);
        await engine.close();
      },
    };
  }

  test('a worker whose clock jumps an hour ahead takes nothing from others, and says so', async () => {
    const { until, done, release, finish } = await open();
    // It has the first unit, which is not done until the end, and goes on with others beside it.
    hire('right', 2);
    await until('a square', () => done() > 0);
    const jumps = hire('jumps', 1, ofWorker.env);
    await until('a second worker', () => jumps.said().includes('takes part'));
    ofWorker.set('+3600');
    // An hour, and what the answer took.
    await until('a note', () => /clock is (36|35)\d\d s ahead of the server's.*none is taken here/.test(jumps.said()));
    // Units of silent workers are looked for four times within the time of a lock: here twice at least.
    await sleep(0.6 * lockMs);
    ofWorker.set('+0');
    release();
    await finish();
  });

  test('a server whose clock jumps is waited for until it is right again, which all of them say', async () => {
    const { notes, until, done, release, finish } = await open();
    const both = [hire('a', 1), hire('b', 1)];
    await until('a square', () => done() > 0);
    ofServer.set('+7200');
    const behind = /this machine's clock is \d+ s behind the server's.*none is taken here until the clocks agree/;
    await until('a note of each', () => [notes.join('\n'), ...both.map((w) => w.said())].every((s) => behind.test(s)));
    ofServer.set('+0');
    release();
    await finish();
  });
});

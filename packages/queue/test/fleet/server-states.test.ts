import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError, EnvironmentError } from '@retinabench/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { isPassing } from '../../src/engine/reach.js';
import { cleanQueue } from '../../src/status/clean-queue.js';
import { readQueue } from '../../src/status/read-queue.js';
import { queueServers, redisProgram, startRedis, type TestServer } from '../support/servers.js';
import { expectedSquares, spawnWorker, squareOnFleet, writeNumbers } from '../support/square-fleet.js';

const there = redisProgram !== undefined;
const lockMs = 1500;
/** Debian's library that fakes the clock. */
const faketime = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));

describe.skipIf(!there)(there ? 'a fleet' : 'skipped: no Redis here', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-states-'));
  let server: TestServer;
  let admin: Redis;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /**
   * Square numbers; after the first ones the server is not what it was, until the coordinator has said so. The last number
   * waits for that, so that there is work left however fast the workers are.
   */
  async function squareThrough(
    expected: RegExp,
    begin: () => Promise<unknown>,
    end: () => Promise<unknown>,
  ): Promise<void> {
    const notes: string[] = [];
    const said = (): string => notes.join('\n');
    const engine = await openEngine(server.url, { onNote: (text) => notes.push(text) });
    const isSaid = path.join(work, `said-${expected.source.slice(0, 3)}`);
    const files = writeNumbers(work, 60, { 59: `59 once ${isSaid}` });
    workers.push(...['a', 'b'].map((name) => spawnWorker(server.url, name, { root: work, ms: 60 })));
    let done = 0;
    const run = squareOnFleet({
      engine,
      files,
      root: work,
      lockMs,
      more: { unitImages: 3 },
      onSquare: () => {
        done++;
      },
    });
    await waitUntil('six squares', () => done >= 6, { during: run, said });
    try {
      await begin();
      await waitUntil(`a note of ${expected}`, () => expected.test(said()), { during: run, said });
    } finally {
      await end();
      writeFileSync(isSaid, '');
    }
    const { squares, arrived } = await run;
    expect(squares).toEqual(expectedSquares(60));
    expect(arrived.length).toBe(60);
    await engine.close();
  }

  test('waits while the server has no memory left, says so, and goes on when it has', async () => {
    await squareThrough(
      /OOM command not allowed.*it goes on when/,
      () => admin.config('SET', 'maxmemory', '1'),
      () => admin.config('SET', 'maxmemory', '0'),
    );
  });

  test('waits while the server is a replica, as during a failover, and goes on when it is not', async () => {
    await squareThrough(
      /READONLY.*it goes on when/,
      () => admin.replicaof('127.0.0.1', '1'),
      () => admin.replicaof('NO', 'ONE'),
    );
  });

  test('says of a server that loads its data that it is to be waited for', async () => {
    const loading = net.createServer((socket) => {
      socket.on('error', () => undefined);
      // As Redis answers each command meanwhile.
      socket.on('data', (data) => {
        const commands = String(data).match(/^\*/gm) ?? [];
        socket.write('-LOADING Redis is loading the dataset in memory\r\n'.repeat(commands.length));
      });
    });
    await new Promise<void>((resolve) => loading.listen(0, '127.0.0.1', resolve));
    const { port } = loading.address() as net.AddressInfo;
    await expect(openEngine(`redis://127.0.0.1:${port}`, { onNote: () => undefined })).rejects.toThrow(
      /LOADING Redis is loading the dataset in memory; wait until it has/,
    );
    loading.close();
  });

  test('is refused at once by a replica, whose master is named', async () => {
    await admin.replicaof('127.0.0.1', '6399');
    try {
      const opened = openEngine(server.url, { onNote: () => undefined });
      await expect(opened).rejects.toThrow(BackendError);
      await expect(opened).rejects.toThrow(/expected a master, got a replica.*name its master, 127\.0\.0\.1:6399/);
    } finally {
      await admin.replicaof('NO', 'ONE');
    }
  });
});

test.each([
  ['LOADING Redis is loading the dataset in memory', undefined, true],
  ["OOM command not allowed when used memory > 'maxmemory'. script: 1, on @user_script:1.", undefined, true],
  ["READONLY You can't write against a read only replica.", undefined, true],
  ['MISCONF Redis is configured to save RDB snapshots', undefined, true],
  ['could not extend file "base/5/16384": No space left on device', '53100', true],
  ['cannot execute INSERT in a read-only transaction', '25006', true],
  ['NOAUTH Authentication required.', undefined, false],
  ["NOPERM User bench has no permissions to run the 'evalsha' command", undefined, false],
  ['relation "job" does not exist', '42P01', false],
  ['image OOM x.jpg', undefined, false],
])('of a server that says %j it is known whether to ask again', (message, code, expected) => {
  expect(isPassing(Object.assign(new Error(message), code === undefined ? {} : { code }))).toBe(expected);
});

describe.each(queueServers)('a fleet on $name', ({ name, there, start }) => {
  describe.skipIf(!there)(there ? 'whatever is asked of it' : `skipped: no ${name} here`, () => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-asked-'));
    let server: TestServer;
    const workers: ChildProcess[] = [];
    const hire = (worker: string, options: object, env: NodeJS.ProcessEnv = {}) => {
      const started = spawnWorker(server.url, worker, options, env);
      workers.push(started);
      return started;
    };
    beforeAll(async () => {
      server = await start();
    });
    afterEach(() => {
      for (const worker of workers.splice(0)) worker.kill('SIGKILL');
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(work, { recursive: true, force: true });
    });

    test('two coordinators that begin one run at once: one has it, the other is refused', async () => {
      const isRefused = path.join(work, 'refused');
      const files = writeNumbers(work, 24, { 23: `23 once ${isRefused}` });
      const engines = await Promise.all([0, 1].map(() => openEngine(server.url, { onNote: () => undefined })));
      hire('a', { root: work, ms: 40 });
      const runs = engines.map((engine) =>
        squareOnFleet({ engine, files, root: work, lockMs, more: { unitImages: 2 } }),
      );
      for (const run of runs) run.catch(() => writeFileSync(isRefused, ''));
      const outcomes = await Promise.allSettled(runs);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject([{ reason: expect.any(EnvironmentError) }]);
      expect(String((refused[0] as PromiseRejectedResult).reason)).toMatch(/in use by process \d+ on/);
      const [had] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(had.squares).toEqual(expectedSquares(24));
      for (const engine of engines) await engine.close();
    });

    test('names of a thousand characters and of any script, units of one image, and clean while it runs', async () => {
      const names = [
        'x'.repeat(1000),
        'Gesichter/Größe ß.jpg',
        '顔/写真 １.jpg',
        'a\u0301\u{1f600}.jpg',
        "it's; DROP TABLE.jpg",
      ];
      const files = writeNumbers(work, names.length).map((file, place) => ({ ...file, name: names[place] }));
      const engine = await openEngine(server.url, { onNote: () => undefined });
      hire('größe', { root: work, ms: 200 });
      let cleaned: Promise<unknown> | undefined;
      const { squares } = await squareOnFleet({
        engine,
        files,
        root: work,
        lockMs,
        more: { unitImages: 1 },
        onSquare: () => {
          cleaned ??= cleanQueue(engine, {});
        },
      });
      // What lives stays; of the test before, a worker that was killed may go.
      expect(await cleaned).toMatchObject({ runs: [], unreadable: [] });
      expect((await readQueue(engine, false)).workers).toMatchObject([{ name: 'größe', liveness: 'alive' }]);
      expect([...squares].sort()).toEqual(names.map((each, place) => [each, place ** 2]).sort());
      await engine.close();
    });

    test.skipIf(faketime === undefined)(
      'workers whose clocks are an hour off take nothing from others (needs libfaketime)',
      async () => {
        const files = writeNumbers(work, 60);
        const engine = await openEngine(server.url, { onNote: () => undefined });
        const skewed = (by: string): NodeJS.ProcessEnv => ({
          LD_PRELOAD: faketime,
          FAKETIME: by,
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        });
        const off = { ahead: skewed('+3600'), behind: skewed('-3600') };
        const said = Object.entries(off).map(([which, env]) => hire(which, { root: work, ms: 60 }, env));
        if (name === 'PostgreSQL') {
          // Its locks go by the clock of who asks: who is off takes no part.
          for (const worker of said) while (worker.exitCode === null) await sleep(50);
          const [ahead, behind] = said.map((worker) => worker.said());
          // An hour, and what the answer took.
          expect(ahead).toMatch(/this machine's clock is (36|35)\d\d s ahead of the server's/);
          expect(behind).toMatch(/this machine's clock is (36|35)\d\d s behind the server's/);
          hire('right', { root: work, ms: 60 });
        }
        const options = { engine, files, root: work, lockMs: 20_000, more: { unitImages: 5 } };
        const { squares, repeated } = await squareOnFleet(options);
        expect(squares).toEqual(expectedSquares(60));
        expect(repeated).toBe(0);
        await engine.close();
      },
    );
  });
});

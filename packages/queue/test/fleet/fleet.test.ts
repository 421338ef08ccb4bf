import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { serveBlobs } from '../../src/blobs/serve-blobs.js';
import { leftoverUnits } from '../../src/coordinator/leftover-units.js';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { runJobId, runsName, unitsName } from '../../src/messages/names.js';
import { drainRuns } from '../../src/status/drain-runs.js';
import { readQueue } from '../../src/status/read-queue.js';
import { serveUnits } from '../../src/worker/serve-units.js';
import type { WorkerKind } from '../../src/worker/worker-kind.js';
import { redisProgram, startRedis, type TestServer } from '../support/servers.js';
import { expectedSquares, spawnWorker, squareCodec, squareOnFleet, writeNumbers } from '../support/square-fleet.js';

const there = redisProgram !== undefined;

/** The setup of a run whose coordinator was killed. */
function abandonedSetup(run: string) {
  const gone = { pid: 2 ** 22 + 1, host: os.hostname(), started: 'long ago' };
  return {
    version: 1,
    run,
    kind: 'square',
    title: 'squares',
    claim: { token: 'of the first', process: gone },
    conditions: {
      code: { version: '1', sha256: 'a'.repeat(64) },
      backend: { id: 'cpu', version: '1' },
      runtimes: {},
      cpu: 'x64 test',
    },
    allow: [],
    lockMs: 2000,
    models: [],
    details: {},
  };
}

/** Wait until a worker takes part in all of these runs. */
async function takesPart(engine: Engine, name: string, runs: readonly string[], during: Promise<unknown>) {
  const takes = async (): Promise<readonly string[]> =>
    (await readQueue(engine, false)).workers.find((worker) => worker.name === name && worker.liveness === 'alive')
      ?.takes ?? [];
  await waitUntil(
    `worker ${name} to take part in ${runs.join(', ')}`,
    async () => {
      const joined = await takes();
      return runs.every((run) => joined.includes(run));
    },
    { during, everyMs: 50 },
  );
}

describe.skipIf(!there)(there ? 'a fleet' : 'skipped: no Redis here', () => {
  let work: string;
  let server: TestServer;
  let engine: Engine;
  const workers: (ChildProcess & { said(): string })[] = [];
  const hire = (name: string, options: object) => {
    const worker = spawnWorker(server.url, name, options);
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-fleet-'));
    engine = await openEngine(server.url, { onNote: () => undefined });
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
    await engine.close();
    rmSync(work, { recursive: true, force: true });
  });

  test('isolates an image that kills its process, tries it twice, names it, and does all others', async () => {
    const files = writeNumbers(work, 30, { 7: 'kill', 12: 'bad' });
    hire('a', { root: work });
    const { squares, failures } = await squareOnFleet({ engine, files, root: work, more: { unitImages: 5 } });
    expect(squares).toEqual(expectedSquares(30, [7, 12]));
    expect([...failures.keys()].sort()).toEqual(['n0007', 'n0012']);
    expect(failures.get('n0007')).toMatchObject({ kind: 'death', message: 'its worker process died twice (SIGKILL)' });
    // The file as the coordinator has it, wherever it lies at the worker.
    expect(failures.get('n0012')).toMatchObject({
      kind: 'input',
      message: `${files[12].file}: expected a number, got bad`,
    });
  });

  test('isolates an image that kills whole workers, after three of them, and does all others', async () => {
    const files = writeNumbers(work, 12, { 5: 'kill-parent' });
    for (let place = 0; place < 8; place++) hire(`w${place}`, { root: work });
    const { squares, failures } = await squareOnFleet({
      engine,
      files,
      root: work,
      lockMs: 1000,
      more: { unitImages: 4 },
    });
    expect(squares).toEqual(expectedSquares(12, [5]));
    expect(failures.get('n0005')).toMatchObject({ kind: 'death' });
    expect(failures.get('n0005')?.message).toMatch(/^its worker died or went silent 3 times/);
  });

  test('is refused to a worker of another processor, unless that is allowed', async () => {
    const files = writeNumbers(work, 6);
    const other = hire('other', { root: work, cpu: 'arm64 test' });
    const late: ReturnType<typeof hire>[] = [];
    const onNote = (text: string): void => {
      if (text.includes('worker other') && late.length === 0) late.push(hire('same', { root: work }));
    };
    const { squares, notes } = await squareOnFleet({ engine, files, root: work, onNote });
    expect(squares).toEqual(expectedSquares(6));
    expect(other.said()).toContain(
      'does not take part in run 0123456789ab (squares): cpu: arm64 test here, x64 test asked for',
    );
    expect(notes.join('\n')).toContain('worker other does not take part: cpu: arm64 test here');
    for (const worker of late) worker.kill('SIGKILL');
    const allowed = await squareOnFleet({ engine, files, root: work, run: 'aaaaaaaaaaaa', allow: ['cpu'] });
    expect(allowed.squares).toEqual(expectedSquares(6));
  });

  test('refuses a worker whose files have other bytes, saying which, and one with them all does the work', async () => {
    const files = writeNumbers(path.join(work, 'here'), 10);
    writeNumbers(path.join(work, 'there'), 10);
    writeFileSync(path.join(work, 'there', 'n0003'), '4');
    const wrong = hire('wrong', { root: path.join(work, 'there') });
    const run = squareOnFleet({ engine, files, root: path.join(work, 'here') });
    await waitUntil('the refusal', () => wrong.said().includes('image n0003'), { during: run, said: wrong.said });
    hire('right', { root: path.join(work, 'here') });
    const { squares } = await run;
    expect(squares).toEqual(expectedSquares(10));
    // sha256 of "4" and of "3".
    expect(wrong.said()).toContain('image n0003: bytes 4b227777d4dd here, 4e07408562be at the coordinator');
  });

  test('sends files to workers that have none, or others, to those with the token alone', async () => {
    const files = writeNumbers(path.join(work, 'here'), 20);
    writeNumbers(path.join(work, 'there'), 10, { 3: '4' });
    const blobs = await serveBlobs('127.0.0.1');
    hire('none', {});
    hire('others', { root: path.join(work, 'there') });
    const { source } = blobs;
    const { squares } = await squareOnFleet({
      engine,
      files,
      root: path.join(work, 'here'),
      source,
      more: { blobs, unitImages: 3 },
    });
    expect(squares).toEqual(expectedSquares(20));
    blobs.offerBytes('b'.repeat(64), new Uint8Array([1]));
    const ask = (path: string, token: string): Promise<number> =>
      fetch(`${source.url}${path}`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
    expect(await ask(`/blobs/${'b'.repeat(64)}`, source.token)).toBe(200);
    expect(await ask(`/blobs/${'b'.repeat(64)}`, 'guessed')).toBe(401);
    // What no unit asks for is not there, and no path is.
    expect(await ask(`/blobs/${'c'.repeat(64)}`, source.token)).toBe(404);
    expect(await ask('/blobs/../../etc/passwd', source.token)).toBe(404);
    await blobs.close();
  });

  test.each([
    { how: 'fetch it', atWorker: undefined },
    { how: 'read it themselves', atWorker: 'here' },
  ])(
    'ends at once when an image is replaced while its unit is out and workers $how, and goes on later',
    async ({ atWorker }) => {
      const here = path.join(work, 'here');
      // The second unit waits for the image to be replaced, so that no worker reads it before, however late the first result is taken.
      const isReplaced = path.join(work, 'replaced');
      const files = writeNumbers(here, 24, { 2: `2 once ${isReplaced}` });
      const blobs = await serveBlobs('127.0.0.1');
      hire('a', { ms: 60, ...(atWorker === undefined ? {} : { root: path.join(work, atWorker) }) });
      const done = new Map<string, number>();
      const options = { engine, root: here, source: blobs.source, more: { blobs, unitImages: 2 } };
      const replaced = squareOnFleet({
        ...options,
        ...(atWorker === undefined ? {} : { source: undefined }),
        files,
        onSquare: (name) => {
          done.set(name, done.size);
          if (done.size > 1) return;
          // Seven units are out for one worker: this image is in the last of them.
          writeFileSync(files[13].file, '100');
          writeFileSync(isReplaced, '');
        },
      });
      const error = await replaced.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DatasetError);
      // sha256 of "13" and of "100".
      expect(String(error)).toContain(
        `${files[13].file}: replaced while its unit was out: expected bytes 3fdba35f04dc, got ad5736686512`,
      );
      expect(String(error)).toContain('run the same command again');
      const left = files.filter(({ name }) => !done.has(name));
      const { squares } = await squareOnFleet({ ...options, files: left });
      expect(squares.size).toBe(24 - done.size);
      expect(squares.get('n0013')).toBe(10_000);
      await blobs.close();
    },
  );

  test('refuses a second coordinator of a run, and lets the next one in when the first has ended', async () => {
    const isRefused = path.join(work, 'refused');
    const files = writeNumbers(work, 40, { 39: `39 once ${isRefused}` });
    hire('a', { root: work, ms: 50 });
    let isUnderway = false;
    const first = squareOnFleet({
      engine,
      files,
      root: work,
      onFleet: () => {
        isUnderway = true;
      },
    });
    await waitUntil('the first coordinator', () => isUnderway, { during: first });
    const second = await openEngine(server.url, { onNote: () => undefined });
    await expect(squareOnFleet({ engine: second, files, root: work })).rejects.toThrow(EnvironmentError);
    await expect(squareOnFleet({ engine: second, files, root: work })).rejects.toThrow(/in use by process \d+ on/);
    writeFileSync(isRefused, '');
    expect((await first).squares).toEqual(expectedSquares(40));
    expect((await squareOnFleet({ engine: second, files, root: work })).squares).toEqual(expectedSquares(40));
    await second.close();
  });

  test('leaves what workers have in hand to the next coordinator when it is interrupted', async () => {
    const files = writeNumbers(work, 40);
    hire('a', { root: work, ms: 100 });
    const controller = new AbortController();
    const done = new Set<string>();
    const interrupted = squareOnFleet({
      engine,
      files,
      root: work,
      signal: controller.signal,
      more: { unitImages: 2 },
      onSquare: (name) => {
        done.add(name);
        if (done.size === 6) controller.abort(new Error('interrupted'));
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const { squares, arrived } = await squareOnFleet({
      engine,
      files: files.filter(({ name }) => !done.has(name)),
      root: work,
      more: { unitImages: 2 },
    });
    expect(squares.size).toBe(40 - done.size);
    expect(new Set(arrived).size).toBe(40 - done.size);
  });

  test('shares workers among runs: a short one ends while a long one that began before is on', async () => {
    // The twenty-first waits for the worker to know both runs, as it looks for new ones every two seconds; the last for the short
    // run, of which nothing would be left to do if it came first.
    const [isShared, isShortDone] = ['shared', 'short-done'].map((name) => path.join(work, name));
    const files = writeNumbers(work, 100, { 20: `20 once ${isShared}`, 99: `99 once ${isShortDone}` });
    hire('a', { root: work, ms: 40 });
    let isLongDone = false;
    const other = await openEngine(server.url, { onNote: () => undefined });
    const long = squareOnFleet({ engine, files, root: work, more: { unitImages: 5 } }).then((done) => {
      isLongDone = true;
      return done;
    });
    await takesPart(other, 'a', ['0123456789ab'], long);
    const begun = squareOnFleet({
      engine: other,
      files: files.slice(0, 10),
      root: work,
      run: 'bbbbbbbbbbbb',
      more: { unitImages: 5 },
    });
    await takesPart(other, 'a', ['0123456789ab', 'bbbbbbbbbbbb'], begun);
    writeFileSync(isShared, '');
    const short = await begun;
    expect(isLongDone).toBe(false);
    writeFileSync(isShortDone, '');
    expect(short.squares).toEqual(expectedSquares(10));
    expect((await long).squares).toEqual(expectedSquares(100));
    await other.close();
  });

  test('shares workers fairly: of three runs of the same size, none is far behind when the first ends', async () => {
    const count = 60;
    // No square is made before both workers know all runs.
    const isKnown = path.join(work, 'known');
    const gated = Object.fromEntries(Array.from({ length: count }, (_, place) => [place, `${place} once ${isKnown}`]));
    const runs = ['0', '1', '2'].map((digit) => digit.repeat(12));
    const log = path.join(work, 'log');
    writeFileSync(log, '');
    for (const name of ['a', 'b']) hire(name, { root: work, ms: 60, log });
    const engines = await Promise.all(runs.map(() => openEngine(server.url, { onNote: () => undefined })));
    const done = Promise.all(
      runs.map((run, place) => {
        const files = writeNumbers(path.join(work, run), count, gated);
        return squareOnFleet({ engine: engines[place], files, root: work, run, more: { unitImages: 3 } });
      }),
    );
    for (const name of ['a', 'b']) await takesPart(engine, name, runs, done);
    writeFileSync(isKnown, '');
    for (const { squares } of await done) expect(squares).toEqual(expectedSquares(count));
    // The run of each square, in the order in which the workers made them.
    const order = readFileSync(log, 'utf8').trim().split('\n');
    const made = new Map(runs.map((run) => [run, 0]));
    for (const file of order) {
      const run = path.basename(path.dirname(file));
      made.set(run, (made.get(run) ?? 0) + 1);
      if (made.get(run) === count) break;
    }
    // Units of 3 images in turn, and each of two workers has two in hand: 12 images may be under way. As many again may be those of
    // a run whose units are all taken and whose coordinator gives out more a moment later.
    expect(Math.min(...made.values())).toBeGreaterThanOrEqual(count - 24);
    for (const own of engines) await own.close();
  });

  test('ends a run that is drained when what is in hand is taken in, and leaves nothing given out', async () => {
    // The seventh number waits: six squares are made, two units are in hand, and others wait.
    const isDrained = path.join(work, 'drained');
    const files = writeNumbers(work, 100, { 6: `6 once ${isDrained}` });
    hire('a', { root: work, ms: 50 });
    const arrived: string[] = [];
    const run = squareOnFleet({
      engine,
      files,
      root: work,
      more: { unitImages: 2 },
      onSquare: (name) => arrived.push(name),
    });
    const ended = expect(run).rejects.toThrow(/ended by retinabench queue drain; finished images are kept/);
    await waitUntil('six squares', () => arrived.length === 6, { during: run });
    const other = await openEngine(server.url, { onNote: () => undefined });
    const { runs, workers: seen } = await readQueue(other, false);
    expect(runs).toMatchObject([{ run: '0123456789ab', title: 'squares', liveness: 'alive' }]);
    expect(seen.filter(({ liveness }) => liveness === 'alive')).toMatchObject([{ name: 'a', slots: 1 }]);
    const waiting = async () => (await readQueue(other, false)).runs[0]?.units.waiting;
    await waitUntil('units that wait', async () => Number(await waiting()) > 0, { during: run });
    expect(await drainRuns(other)).toHaveLength(1);
    // Its coordinator looks for that every five seconds, and takes back what waits.
    await waitUntil('what waits to be taken back', async () => (await waiting()) === 0, { during: ended });
    writeFileSync(isDrained, '');
    await ended;
    // Two units of two images were in hand.
    expect(arrived.length).toBe(10);
    expect((await readQueue(other, false)).runs).toEqual([]);
    await other.close();
  });

  test('ends when it is interrupted, though the server is gone', async () => {
    const files = writeNumbers(work, 10);
    const own = await startRedis();
    const said: string[] = [];
    const alone = await openEngine(own.url, { onNote: (text) => said.push(text) });
    const controller = new AbortController();
    let isUnderway = false;
    const onFleet = (): void => {
      isUnderway = true;
    };
    const run = squareOnFleet({ engine: alone, files, root: work, signal: controller.signal, onFleet });
    const ended = expect(run).rejects.toThrow('interrupted');
    await waitUntil('the run', () => isUnderway, { during: run });
    await own.kill();
    await waitUntil('a note that the server is gone', () => said.length > 0, { during: run });
    controller.abort(new Error('interrupted'));
    await ended;
    // Nobody takes its goodbyes, and it ends all the same.
    await alone.close();
    await own.stop();
  });

  test('asks a worker anew that refused it under an earlier coordinator, which was killed', async () => {
    const run = 'dddddddddddd';
    const files = writeNumbers(work, 6);
    const setup = abandonedSetup(run);
    await engine.jobs(runsName).add([{ id: runJobId(run), data: setup }]);
    const worker = hire('other', { root: work, cpu: 'arm64 test' });
    await waitUntil('the refusal', () => worker.said().includes('does not take part'), { said: worker.said });
    const { squares } = await squareOnFleet({ engine, files, root: work, run, allow: ['cpu'] });
    expect(squares).toEqual(expectedSquares(6));
  });

  test('takes over no unit with other numbers, nor a result of a machine that may not take part now', async () => {
    const run = 'eeeeeeeeeeee';
    const files = writeNumbers(work, 3);
    const units = engine.jobs(unitsName(run));
    // SHA-256 of "0", "1" and "2", which are what the files hold.
    const hashes = [
      '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9',
      '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
      'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
    ];
    const unitOf = (place: number, more: object) => ({
      version: 1,
      run,
      tasks: [{ images: [{ name: files[place].name, path: files[place].name, sha256: hashes[place], ...more }] }],
    });
    await units.add([{ id: 'differing', data: unitOf(0, {}) }]);
    const taker = engine.taker(unitsName(run), { lockMs: 2000, mostStalls: 2 });
    expect(await (await taker.take())?.complete({ differs: ['cpu: arm64 here, x64 asked for'] })).toBe(true);
    await units.add([
      { id: 'same', data: unitOf(1, {}) },
      { id: 'numbers', data: unitOf(2, { numbers: [7] }) },
    ]);
    const leftovers = async (allow: readonly string[]): Promise<string[]> => {
      const source = { units, run, codec: squareCodec, root: work, tasks: files, allow, isOpen: () => true };
      const fitting: string[] = [];
      for await (const { id, unit } of leftoverUnits(source)) if (unit !== undefined) fitting.push(id);
      return fitting;
    };
    expect(await leftovers([])).toEqual(['same']);
    expect(await leftovers(['cpu'])).toEqual(['differing', 'same']);
    await taker.close();
    await units.destroy();
  });

  test('a worker that is told to stop ends, though the server hangs', async () => {
    const own = await startRedis();
    const alone = await openEngine(own.url, { onNote: () => undefined });
    const [drain, stop] = [new AbortController(), new AbortController()];
    const setup = abandonedSetup('ffffffffffff');
    await alone.jobs(runsName).add([{ id: runJobId(setup.run), data: setup }]);
    const kind: WorkerKind = {
      open: async ({ conditions }) => ({
        conditions,
        module: new URL('../support/arithmetic-worker.mjs', import.meta.url),
        init: { ms: 20 },
        toTask: () => ({}),
        toAnswers: () => [],
      }),
    };
    const served = serveUnits({
      engine: alone,
      name: 'a',
      slots: 1,
      kinds: new Map([['square', kind]]),
      places: { roots: [], scratch: path.join(work, 'scratch') },
      modelFolder: work,
      findModel: async () => undefined,
      onNote: () => undefined,
      onUnit: () => undefined,
      drain: drain.signal,
      stop: stop.signal,
    });
    await takesPart(alone, 'a', [setup.run], served);
    own.pause();
    // Longer than the five seconds after which it says again that it is alive: it waits for the answer.
    await sleep(6000);
    stop.abort();
    expect(await served).toBe(0);
    await alone.close();
    await own.kill();
    await own.stop();
  });

  test('gives up after a while without workers', async () => {
    const files = writeNumbers(work, 2);
    const run = squareOnFleet({ engine, files, root: work, run: 'cccccccccccc', more: { waitMs: 1000 } });
    await expect(run).rejects.toThrow(/no worker has taken part for 1 s; start some/);
  });
});

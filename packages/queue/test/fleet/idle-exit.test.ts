import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { readQueue } from '../../src/status/read-queue.js';
import { serveUnits } from '../../src/worker/serve-units.js';
import type { OpenedKind } from '../../src/worker/worker-kind.js';
import { redisProgram, startRedis, type TestServer } from '../support/servers.js';
import { expectedSquares, squareOnFleet, writeNumbers } from '../support/square-fleet.js';

const there = redisProgram !== undefined;

const module = new URL('../support/arithmetic-worker.mjs', import.meta.url);

/** Far more than the tests take. */
const idleMs = 600_000;

/** Longer than a worker sleeps between two looks at what it is to do. */
const severalLooksMs = 2000;

describe.skipIf(!there)(there ? 'a worker that ends when idle' : 'skipped: no Redis here', () => {
  let work: string;
  let server: TestServer;
  let engine: Engine;
  let aheadMs = 0;

  beforeAll(async () => {
    server = await startRedis();
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await server?.stop();
  });
  beforeEach(async () => {
    work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-idle-'));
    engine = await openEngine(server.url, { onNote: () => undefined });
  });
  afterEach(async () => {
    await engine.close();
    rmSync(work, { recursive: true, force: true });
  });

  /** All that is done meanwhile takes longer than a worker may be idle. */
  const takeLong = async (): Promise<void> => {
    aheadMs += 2 * idleMs;
    await sleep(severalLooksMs);
  };

  const kindOf = (open: () => Promise<void>, prepare: () => Promise<void>) => ({
    prepare: async () => {
      await prepare();
      return module;
    },
    open: async ({ conditions }: { readonly conditions: OpenedKind['conditions'] }) => {
      await open();
      return {
        conditions,
        module,
        init: { ms: 1 },
        toTask: ([{ file }]: readonly { readonly file: string }[]) => ({ file }),
        toAnswers: (result: unknown) => {
          const { sha256, square } = result as { readonly sha256: string; readonly square: number };
          return [{ sha256, answer: { square } }];
        },
      };
    },
  });

  const serve = (kind: ReturnType<typeof kindOf>, ended: AbortSignal) =>
    serveUnits({
      engine,
      name: 'a',
      slots: 1,
      kinds: new Map([['square', kind]]),
      places: { roots: [work], scratch: path.join(work, 'scratch') },
      modelFolder: work,
      idleMs,
      findModel: async () => undefined,
      onNote: () => undefined,
      onUnit: () => undefined,
      drain: new AbortController().signal,
      stop: ended,
    });

  const isThere = async (run: string): Promise<boolean> =>
    (await readQueue(engine, false)).runs.some((status) => status.run === run);

  /** What a worker gives on a run that comes once it has found none and prepares. */
  async function squaresBy(run: string, { open, prepare }: Record<'open' | 'prepare', () => Promise<void>>) {
    const [ended, given] = [new AbortController(), new AbortController()];
    const files = writeNumbers(path.join(work, 'files'), 4);
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const prepareLate = (): Promise<void> => {
      begin();
      return prepare();
    };
    const worker = serve(kindOf(open, prepareLate), ended.signal);
    worker.then(() => given.abort(new Error('the worker has ended'))).catch(() => undefined);
    await begun;
    try {
      return (await squareOnFleet({ engine, files, root: work, run, signal: given.signal })).squares;
    } finally {
      ended.abort();
      await worker;
    }
  }

  const atOnce = async (): Promise<void> => undefined;

  test('takes part in a run that comes while it loads what runs need, however long that takes', async () => {
    const run = '0123456789aa';
    const prepare = async (): Promise<void> => {
      await waitUntil('the run', () => isThere(run));
      await takeLong();
    };
    expect(await squaresBy(run, { open: atOnce, prepare })).toEqual(expectedSquares(4));
  });

  test('does not end while it loads the models of a run, however long that takes', async () => {
    expect(await squaresBy('0123456789ab', { open: takeLong, prepare: atOnce })).toEqual(expectedSquares(4));
  });
});

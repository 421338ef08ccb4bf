import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BackendError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import type { TaskFailure } from '../../src/workers/messages.js';
import { type PoolOptions, runPool } from '../../src/workers/pool.js';

interface Task {
  readonly value: number;
  readonly fail?: boolean;
  readonly bad?: boolean;
  readonly hang?: boolean;
  readonly crash?: boolean;
  readonly signal?: string;
  readonly crashOnce?: string;
  readonly lost?: boolean;
  readonly lostOnce?: string;
}

interface Outcome {
  readonly squares: Map<number, number>;
  readonly failures: Map<number, string>;
  readonly kinds: Map<number, TaskFailure['kind']>;
  /** Those of the failures that cost a worker. */
  readonly died: Set<number>;
  readonly pids: Set<number>;
}

async function run(
  tasks: readonly Task[],
  workers = 2,
  init = {},
  more: Partial<PoolOptions<object, Task, { square: number; pid: number }>> = {},
): Promise<Outcome> {
  const outcome: Outcome = {
    squares: new Map(),
    failures: new Map(),
    kinds: new Map(),
    died: new Set(),
    pids: new Set(),
  };
  await runPool<object, Task, { square: number; pid: number }>({
    module: new URL('../fixtures/arithmetic-worker.mjs', import.meta.url),
    workers,
    init,
    tasks,
    onResult: (index, { square, pid }) => {
      expect(outcome.squares.has(index)).toBe(false);
      outcome.squares.set(index, square);
      outcome.pids.add(pid);
    },
    onFailure: (index, { kind, message }) => {
      outcome.failures.set(index, message);
      outcome.kinds.set(index, kind);
      if (kind === 'death') outcome.died.add(index);
    },
    ...more,
  });
  return outcome;
}

describe('runPool', () => {
  test('does every task once, over several processes', async () => {
    const { squares, failures, pids } = await run(Array.from({ length: 40 }, (_, value) => ({ value })));
    expect([...squares].sort(([a], [b]) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => [n, n * n]));
    expect(failures.size).toBe(0);
    expect(pids.size).toBeLessThanOrEqual(2);
  });

  test('reports a task that fails, and does the rest', async () => {
    const { squares, failures } = await run([{ value: 1 }, { value: 2, fail: true }, { value: 3 }]);
    expect(squares.size).toBe(2);
    expect([...failures]).toEqual([[1, 'cannot square 2']]);
  });

  test('tries a task once more when its worker is killed, and loses none', async () => {
    const flag = path.join(mkdtempSync(path.join(os.tmpdir(), 'pool-')), 'crashed');
    const tasks = Array.from({ length: 12 }, (_, value) => (value === 5 ? { value, crashOnce: flag } : { value }));
    const { squares, failures } = await run(tasks);
    expect(squares.size).toBe(12);
    expect(failures.size).toBe(0);
  });

  test('leaves out a task that kills twice, naming how', async () => {
    const tasks = Array.from({ length: 8 }, (_, value) => ({ value, crash: value === 3 }));
    const { squares, failures, died } = await run(tasks, 1);
    expect(failures.get(3)).toMatch(/died twice \(SIGKILL\)/);
    expect([...failures.keys()]).toEqual([3]);
    expect([...died]).toEqual([3]);
    expect(squares.size).toBe(7);
  });

  test('tells a crash in native code from a kill', async () => {
    const { failures } = await run([{ value: 0 }, { value: 1, crash: true, signal: 'SIGSEGV' }], 1);
    expect(failures.get(1)).toMatch(/died twice \(SIGSEGV\)/);
  });

  test('tries again only when nothing else runs, one task at a time: only killers are left out', async () => {
    const killers = [2, 3, 8, 9, 15];
    const tasks = Array.from({ length: 20 }, (_, value) => ({ value, crash: killers.includes(value) }));
    const { squares, failures } = await run(tasks, 3);
    expect([...failures.keys()].sort((a, b) => a - b)).toEqual(killers);
    expect(squares.size).toBe(15);
  });

  test('a task that loses what its worker works with is tried again in a new one, and left out the second time, saying what', async () => {
    const flag = path.join(mkdtempSync(path.join(os.tmpdir(), 'pool-')), 'lost');
    const tasks = [{ value: 0 }, { value: 1, lostOnce: flag }, { value: 2, lost: true }, { value: 3 }];
    const { squares, failures, died } = await run(tasks, 1);
    expect([...squares.keys()].sort()).toEqual([0, 1, 3]);
    expect([...died]).toEqual([2]);
    expect(failures.get(2)).toBe('its worker process died twice (the browser is gone)');
  });

  test('makes only the first or only the last attempt if asked to', async () => {
    const tasks = [{ value: 0, crash: true }, { value: 1 }, { value: 2 }];
    const first = await run(tasks, 1, {}, { attempts: 'first' });
    expect(first.failures.get(0)).toMatch(/died \(SIGKILL\)/);
    // The first task and the one that was prepared beside it.
    expect([...first.died].sort()).toEqual([0, 1]);
    const last = await run(tasks, 3, {}, { attempts: 'last' });
    expect([...last.died]).toEqual([0]);
    expect(last.squares.size).toBe(2);
  });

  test('gives up if workers die one after the other and nothing is ever done', async () => {
    const tasks = Array.from({ length: 100 }, (_, value) => ({ value, crash: true }));
    await expect(run(tasks, 2)).rejects.toThrow(/10 worker processes died before any had done an image \(SIGKILL\)/);
  });

  test('bears a worker that is killed while it starts, but not one that never starts', async () => {
    const flag = path.join(mkdtempSync(path.join(os.tmpdir(), 'pool-')), 'killed');
    expect((await run([{ value: 4 }], 1, { killOnce: flag })).squares.get(0)).toBe(16);
    await expect(run([{ value: 4 }], 1, { killAlways: true })).rejects.toThrow(/ended before it was ready \(SIGKILL\)/);
  });

  test('bears a worker that loses its browser or GPU while it loads the model, but not one that always does, nor one that took too long', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pool-'));
    const tasks = [{ value: 4 }, { value: 5 }];
    expect((await run(tasks, 1, { lostOnce: path.join(folder, 'lost') })).squares.size).toBe(2);
    const always = run(tasks, 2, { lostAlways: true });
    await expect(always).rejects.toThrow(BackendError);
    await expect(always).rejects.toThrow(/ended before it was ready \(the GPU is gone\); .*retinabench doctor/);
    // The next one would have done it.
    const late = run(tasks, 1, { late: path.join(folder, 'late') });
    await expect(late).rejects.toThrow(BackendError);
    await expect(late).rejects.toThrow(/^the page stood still$/);
  });

  test('fails as a whole if a worker cannot start', async () => {
    await expect(run([{ value: 1 }], 1, { refuse: true })).rejects.toThrow(BackendError);
    await expect(run([{ value: 1 }], 1, { refuse: true })).rejects.toThrow(/the model does not load/);
  });

  test('ends with the one error of the first five tasks that fail alike, if nothing was done', async () => {
    const tasks = Array.from({ length: 100 }, (_, value) => ({ value, fail: value !== 80 }));
    await expect(run(tasks, 2)).rejects.toThrow(
      /^cannot square \d+ \(the same on each of the first 5; nothing was done\)$/,
    );
    await expect(run(tasks, 2)).rejects.toThrow(BackendError);
  });

  test('goes on through failures once a task has been done, now or in an earlier run', async () => {
    const tasks = Array.from({ length: 20 }, (_, value) => ({ value, fail: value !== 0 }));
    const { squares, failures, kinds } = await run(tasks, 1);
    expect(squares.size).toBe(1);
    expect(failures.size).toBe(19);
    expect(new Set(kinds.values())).toEqual(new Set(['work']));
    const all = tasks.map(({ value }) => ({ value, fail: true }));
    expect((await run(all, 1, {}, { proven: true })).failures.size).toBe(20);
  });

  test('takes bad inputs for what they are: ten of them do not end the rest', async () => {
    const tasks = Array.from({ length: 12 }, (_, value) => ({ value, bad: value < 10 }));
    const { squares, kinds } = await run(tasks, 1);
    expect(squares.size).toBe(2);
    expect([...kinds.values()]).toEqual(new Array(10).fill('input'));
  });

  test('ends a task that takes too long, and does what its worker had prepared', async () => {
    const tasks = Array.from({ length: 8 }, (_, value) => ({ value, hang: value === 0 || value === 5 }));
    for (const workers of [1, 3]) {
      const { squares, failures, kinds } = await run(tasks, workers, {}, { taskLimitMs: 3000 });
      expect([...squares.keys()].sort()).toEqual([1, 2, 3, 4, 6, 7]);
      expect([...kinds].sort()).toEqual([
        [0, 'timeout'],
        [5, 'timeout'],
      ]);
      expect(failures.get(5)).toBe('took longer than 3 s and was ended; raise --image-timeout if it may');
    }
  });

  test('ends when its signal aborts, with the reason', async () => {
    const controller = new AbortController();
    const tasks = Array.from({ length: 5000 }, (_, value) => ({ value }));
    let results = 0;
    const onResult = (): void => {
      results++;
      if (results === 3) controller.abort(new Error('interrupted'));
    };
    await expect(run(tasks, 2, {}, { signal: controller.signal, onResult })).rejects.toThrow('interrupted');
    expect(results).toBeLessThan(5000);
  });

  test('does nothing for no tasks', async () => {
    expect((await run([])).squares.size).toBe(0);
  });
});

import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BackendError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { runPool } from '../../src/batch/pool.js';

interface Task {
  readonly value: number;
  readonly fail?: boolean;
  readonly crash?: boolean;
  readonly crashOnce?: string;
}

interface Outcome {
  readonly squares: Map<number, number>;
  readonly failures: Map<number, string>;
  readonly pids: Set<number>;
}

async function run(tasks: readonly Task[], workers = 2, init = {}, signal?: AbortSignal): Promise<Outcome> {
  const outcome: Outcome = { squares: new Map(), failures: new Map(), pids: new Set() };
  await runPool<object, Task, { square: number; pid: number }>({
    module: new URL('../fixtures/arithmetic-worker.mjs', import.meta.url),
    workers,
    init,
    tasks,
    ...(signal ? { signal } : {}),
    onResult: (index, { square, pid }) => {
      expect(outcome.squares.has(index)).toBe(false);
      outcome.squares.set(index, square);
      outcome.pids.add(pid);
    },
    onFailure: (index, message) => outcome.failures.set(index, message),
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
    const { squares, failures } = await run(tasks, 1);
    expect(failures.get(3)).toMatch(/died twice \(SIGKILL\)/);
    expect([...failures.keys()]).toEqual([3]);
    expect(squares.size).toBe(7);
  });

  test('fails as a whole if a worker cannot start', async () => {
    await expect(run([{ value: 1 }], 1, { refuse: true })).rejects.toThrow(BackendError);
    await expect(run([{ value: 1 }], 1, { refuse: true })).rejects.toThrow(/the model does not load/);
  });

  test('ends when its signal aborts, with the reason', async () => {
    const controller = new AbortController();
    const tasks = Array.from({ length: 5000 }, (_, value) => ({ value }));
    setTimeout(() => controller.abort(new Error('interrupted')), 100);
    await expect(run(tasks, 2, {}, controller.signal)).rejects.toThrow('interrupted');
  });

  test('does nothing for no tasks', async () => {
    expect((await run([])).squares.size).toBe(0);
  });
});

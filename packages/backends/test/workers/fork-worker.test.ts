import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

const parent = path.resolve(import.meta.dirname, '../fixtures/pool-parent.mjs');

function start(task: object): { child: ChildProcess; said: () => string; printed: () => string } {
  const child = spawn(process.execPath, [parent, JSON.stringify(task)]);
  let said = '';
  let printed = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  child.stdout?.on('data', (text) => {
    printed += text;
  });
  return { child, said: () => said, printed: () => printed };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a worker process', () => {
  test('ends when its parent is killed, also while native code never returns', async () => {
    const { child, said } = start({ value: 3, hang: true, says: 'begins\n' });
    const worker = await waitUntil('a task that begins', () => /^(\d+) begins\n/m.exec(said())?.[1], { said }).then(
      Number,
    );
    expect(isAlive(worker)).toBe(true);
    child.kill('SIGKILL');
    await waitUntil('the end of the worker', () => !isAlive(worker));
  });

  test('has what it writes to standard error passed on with control characters as escapes, the last line too', async () => {
    const { child, said, printed } = start({ value: 3, says: '\u001b[31mred\u0007\nlast \u009b1m' });
    await new Promise((resolve) => child.on('close', resolve));
    expect(said()).toMatch(/^\d+ \\u001b\[31mred\\u0007\nlast \\u009b1m\n$/);
    expect(printed()).toBe('9\n');
  });
});

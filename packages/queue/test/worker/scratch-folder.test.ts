import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from '../../src/worker/scratch-folder.js';

const parent = mkdtempSync(path.join(os.tmpdir(), 'retinabench-scratch-'));
const sleeper: ChildProcess = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 600000)']);
afterAll(() => {
  sleeper.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

/** Field 22 of /proc/PID/stat, proc(5): start of the process in ticks since boot. */
const startOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19];

test.skipIf(process.platform !== 'linux')(
  'a worker removes what ended processes of its machine left, and nothing else',
  async () => {
    const [living, host] = [sleeper.pid ?? 0, os.hostname()];
    const [lives, here] = [startOf(living), `retinabench-worker-${host}-`];
    const gone = {
      // Beyond the largest number of a process that Linux gives, 2^22.
      ended: `${here}4194305-77`,
      // The number is another process's by now.
      'number given again': `${here}${living}-${Number(lives) - 1}`,
    };
    const stays = {
      'its process lives': `${here}${living}-${lives}`,
      'another machine': `retinabench-worker-other-${host}-4194305-77`,
      'another machine whose name begins so': `${here}2-4194305-77`,
      'another name': `retinabench-worker-4194305`,
      'of nobody': 'other',
    };
    for (const name of [...Object.values(gone), ...Object.values(stays)]) {
      mkdirSync(path.join(parent, name));
      writeFileSync(path.join(parent, name, 'image.jpg'), 'bytes');
    }
    const link = `${here}4194305-78`;
    symlinkSync(path.join(parent, 'other'), path.join(parent, link));
    const own = await scratchFolder(parent);
    expect(own).toBe(path.join(parent, `${here}${process.pid}-${startOf(process.pid)}`));
    expect(readdirSync(parent).sort()).toEqual([...Object.values(stays), link].sort());
    for (const name of Object.values(stays)) expect(readdirSync(path.join(parent, name))).toEqual(['image.jpg']);
  },
);

test('a folder for temporary files that cannot be read leaves the worker as it is', async () => {
  const missing = path.join(parent, 'missing');
  expect(path.dirname(await scratchFolder(missing))).toBe(missing);
});

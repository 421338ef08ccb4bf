import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/batch/lock.js';

const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'lock-'));
const module = new URL('../../dist/batch/lock.js', import.meta.url).href;

/** Take the lock in another process and end it as `end` says. */
function lockElsewhere(folder: string, end: string): ReturnType<typeof spawnSync> {
  const script = `const { lockFolder } = await import(${JSON.stringify(module)}); lockFolder(process.argv[1]); ${end}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, folder], { encoding: 'utf8' });
}

describe('lockFolder', () => {
  test('refuses a folder that a living process holds, naming the process', () => {
    const folder = newFolder();
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(EnvironmentError);
    const second = lockElsewhere(folder, '');
    expect(second.status).not.toBe(0);
    expect(second.stderr).toContain(`in use by process ${process.pid}`);
    release();
    lockFolder(folder)();
  });

  test('takes over the lock of a process that was killed', () => {
    const folder = newFolder();
    lockElsewhere(folder, 'process.kill(process.pid, "SIGKILL");');
    expect(existsSync(path.join(folder, 'lock'))).toBe(true);
    lockFolder(folder)();
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });

  test('gives the folder back when the process ends by itself', () => {
    const folder = newFolder();
    expect(lockElsewhere(folder, '').status).toBe(0);
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });
});

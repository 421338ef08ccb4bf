import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../../tools/tests/wait-until.js';
import { lockFolder } from '../src/lock.js';

const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'lock-'));
const module = new URL('../dist/lock.js', import.meta.url).href;

/** Whether the system says whose numbers of processes a process sees. */
const namespaces = existsSync('/proc/self/ns/pid');

/** Whether a process may begin numbers of its own here, as a container does: root may. */
const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', 'true']).status === 0;

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

  test('takes over a lock whose process number was given to another process', () => {
    const folder = newFolder();
    // This process lives, but it did not start at 1: the holder had its number before it.
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: process.pid, host: os.hostname(), started: '1' }));
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('keeps a lock of another machine, whose processes it cannot see', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere.test', started: '1' }));
    expect(() => lockFolder(folder)).toThrow(/in use by process 1 on elsewhere\.test/);
  });

  test.skipIf(!namespaces)(
    'keeps a lock of a container that has the name of this machine while it is touched',
    async () => {
      const folder = newFolder();
      const file = path.join(folder, 'lock');
      writeFileSync(
        file,
        JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname(), started: '1', namespace: 'pid:[1]' }),
      );
      const touch = `const { utimesSync } = await import('node:fs');
      let seconds = 1;
      setInterval(() => utimesSync(process.argv[1], seconds, ++seconds), 100);
      process.stdout.write('touching');`;
      const toucher = spawn(process.execPath, ['--input-type=module', '-e', touch, file]);
      try {
        await once(toucher.stdout, 'data');
        expect(() => lockFolder(folder)).toThrow(/in use by process 4194305 of another container/);
      } finally {
        toucher.kill('SIGKILL');
      }
    },
  );

  test.skipIf(!namespaces)('takes over a lock of such a container that nobody touches any more', () => {
    const folder = newFolder();
    // This process lives; the one of this number in the container says nothing.
    const gone = { pid: process.pid, host: os.hostname(), started: '1', namespace: 'pid:[1]' };
    writeFileSync(path.join(folder, 'lock'), JSON.stringify(gone));
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(!canUnshare)('keeps a lock of a process of whose number this one sees another', async () => {
    const folder = newFolder();
    const script = `const { lockFolder } = await import(${JSON.stringify(module)});
      lockFolder(process.argv[1]);
      setInterval(() => undefined, 1000);
      process.stdout.write('held');`;
    const node = [process.execPath, '--input-type=module', '-e', script, folder];
    const holder = spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', ...node]);
    try {
      await once(holder.stdout, 'data');
      expect(() => lockFolder(folder)).toThrow(/in use by process 1 of another container/);
    } finally {
      holder.kill('SIGKILL');
    }
  });

  test('asks no clock: a lock from the future or from 1970 holds as long as its process lives', () => {
    const folder = newFolder();
    const release = lockFolder(folder);
    for (const seconds of [0, 4e9]) {
      utimesSync(path.join(folder, 'lock'), seconds, seconds);
      expect(() => lockFolder(folder)).toThrow(/in use by process/);
    }
    release();
  });

  test('gives back only its own lock', () => {
    const folder = newFolder();
    const release = lockFolder(folder);
    writeFileSync(path.join(folder, 'lock'), 'taken by somebody else');
    release();
    expect(readFileSync(path.join(folder, 'lock'), 'utf8')).toBe('taken by somebody else');
  });

  test('of many processes that find an abandoned lock at once, one takes it over, and no ticket is left', async () => {
    const folder = newFolder();
    lockElsewhere(folder, 'process.kill(process.pid, "SIGKILL");');
    // Each says that it is there, tries when all are, and who has the lock holds it until all have tried.
    const script = `
      const { once } = await import('node:events');
      const { lockFolder } = await import(${JSON.stringify(module)});
      process.stdout.write('ready ');
      await once(process.stdin, 'data');
      lockFolder(process.argv[1]);
      process.stdout.write('held');
      await once(process.stdin, 'end');`;
    const racers = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder]);
      const racer = { said: '', child, closed: new Promise((resolve) => child.once('close', resolve)) };
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          racer.said += text;
        });
      }
      // One that was refused reads no more.
      child.stdin.on('error', () => undefined);
      return racer;
    });
    await waitUntil('six processes', () => racers.every(({ said }) => said.startsWith('ready ')));
    for (const { child } of racers) child.stdin.write('go');
    await waitUntil('six answers', () => racers.every(({ said }) => /held|in use by/.test(said)), {
      said: () => racers.map(({ said }) => said).join('\n'),
    });
    for (const { child } of racers) child.stdin.end();
    await Promise.all(racers.map(({ closed }) => closed));
    const answers = racers.map(({ said }) => said.slice('ready '.length));
    expect(answers.filter((said) => said === 'held')).toHaveLength(1);
    expect(answers.filter((said) => /in use by process \d+/.test(said))).toHaveLength(5);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('gives the folder back when the process ends by itself', () => {
    const folder = newFolder();
    expect(lockElsewhere(folder, '').status).toBe(0);
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  });
});

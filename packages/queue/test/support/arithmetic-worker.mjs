// A child process of a worker: the result of a file is the number in it, squared. What is in the file may also be an order:
// `kill` ends this process, `kill-parent` the worker above it, `bad` fails as an image that does not decode.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveTasks } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';

serveTasks(async ({ ms }) => ({
  prepare: async ({ file }) => {
    const bytes = await readFile(file);
    return { text: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex') };
  },
  run: async ({ file }, { text, sha256 }) => {
    if (text === 'kill') process.kill(process.pid, 'SIGKILL');
    if (text === 'kill-parent') process.kill(process.ppid, 'SIGKILL');
    if (text === 'bad') throw new DatasetError(`${file}: expected a number, got bad`);
    await sleep(ms);
    return { sha256, square: Number(text) ** 2 };
  },
}));

// A child process of a worker: the result of a file is the number in it, squared. What is in the file may also be an order:
// `kill` ends this process, `kill-parent` the worker above it, `bad` fails as an image that does not decode. `5 once FILE` is the
// number 5, whose square is not known before there is such a file.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
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
    const [number, awaited] = text.split(' once ');
    while (awaited !== undefined && !existsSync(awaited)) await sleep(20);
    return { sha256, square: Number(number) ** 2 };
  },
}));

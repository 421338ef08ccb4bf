// A child process of a worker: the result of a file is the number in it, squared. What is in the file may also be an order:
// `kill` ends this process, `kill-parent` the worker above it, `bad` fails as an image that does not decode. `5 once FILE` is the
// number 5, whose square is not known before there is such a file. A log takes the file of each square, in the order in which
// they are made.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveTasks } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';

serveTasks(async ({ ms, log }) => ({
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
    if (log !== undefined) appendFileSync(log, `${file}\n`);
    return { sha256, square: Number(number) ** 2 };
  },
}));

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../tools/tests/wait-until.js';
import { downloadAll } from '../../src/download/download-all.js';
import { serve, startServer, type TestServer } from './server.js';

const content = Buffer.alloc(100_000, 'retina');

let work: string;
let server: TestServer;
let underWay: number;
let mostUnderWay: number;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-all-'));
  underWay = 0;
  mostUnderWay = 0;
  server = await startServer((request, response, count) => {
    underWay++;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    response.on('close', () => {
      underWay--;
    });
    if (request.url === '/missing') {
      // Not before something of the other has come.
      const stuck = path.join(options(1).folder, 'stuck.part');
      waitUntil('a part of the other file', () => existsSync(stuck)).finally(() => response.writeHead(404).end());
    } else if (request.url === '/stuck') response.writeHead(200, { 'content-length': 200_000 }).write(content);
    else setTimeout(() => serve(content)(request, response, count), 20);
  });
});

afterEach(async () => {
  await server.close();
  await rm(work, { recursive: true });
});

function options(parallel: number) {
  const retry = { attempts: 1, firstDelayMs: 1, largestDelayMs: 1, stallMs: 60_000 };
  return { folder: path.join(work, 'downloads'), pinFolder: path.join(work, 'pins'), retry, parallel };
}

describe('downloadAll', () => {
  it('gets every file in the order asked for, no more at once than allowed, and counts their bytes together', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, urls: [`${server.url}/${name}`] }));
    let counted: number[] = [];
    const got = await downloadAll(files, {
      ...options(2),
      onBytes: (doneBytes, totalBytes) => {
        counted = [doneBytes, totalBytes];
      },
    });
    expect(got.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(counted).toEqual([500_000, 500_000]);
    expect(mostUnderWay).toBe(2);
  });

  it('breaks the others off when one cannot be had, keeping what came of them', async () => {
    const files = ['stuck', 'missing'].map((name) => ({ name, urls: [`${server.url}/${name}`] }));
    const attempt = downloadAll(files, options(2));
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(/missing: cannot be had .*HTTP 404/);
    const left = await readdir(options(2).folder);
    expect(left).toContain('stuck.part');
    expect(left).not.toContain('stuck');
    expect((await stat(path.join(options(2).folder, 'stuck.part'))).size).toBeLessThanOrEqual(content.length);
  });

  it("ends with the caller's own reason when it is told to stop", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const attempt = downloadAll([{ name: 'stuck', urls: [`${server.url}/stuck`] }], {
      ...options(1),
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(reason), 50);
    await expect(attempt).rejects.toBe(reason);
  });
});

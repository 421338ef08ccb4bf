import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisProgram, startRedis, type TestServer } from '../../../queue/test/support/servers.js';
import { runProgram, type Started, startWorker } from './workers.js';

const there = redisProgram !== undefined;

describe.skipIf(!there)(there ? 'bench --throughput on a queue' : 'skipped: no Redis here', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-throughput-'));
  let server: TestServer;
  let worker: Started;
  beforeAll(async () => {
    // The data set that both take where none is named.
    await ensureMini();
    server = await startRedis();
    worker = startWorker(server.url, work, ['--name', 'a']);
  });
  afterAll(async () => {
    worker?.child.kill('SIGKILL');
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const bench = (more: readonly string[]) => {
    const args = ['bench', '--scale', 'long:160', '--out-dir', path.join(work, 'records')];
    return runProgram([...args, '--queue', server.url, ...more], work);
  };

  test('measures images a second of all workers, and no latency', async () => {
    const done = await bench(['--throughput', '--images', '12', '--unit', '3']);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toContain('of all workers of the queue together');
    const [file, ...others] = readdirSync(path.join(work, 'records'));
    expect(others).toEqual([]);
    const record = JSON.parse(readFileSync(path.join(work, 'records', file), 'utf8'));
    // Of four units of three images each, all after the first count: 12 - 3.
    expect(done.stdout).toMatch(/ort-node\s+1\s+9\s+\d+\.\d/);
    expect(Object.keys(record.metrics)).toEqual(['imagesPerSecond']);
    expect(record.metrics.imagesPerSecond).toBeGreaterThan(0);
    expect(record.latencyMs).toBeUndefined();
    expect(record.protocol.settings ?? record.protocol).toMatchObject({ workers: 'queue', images: 12 });
    expect(record.command).toContain('--throughput');
  });

  test('measures a run of its own each time: nothing that was done before counts', async () => {
    const before = await bench(['--throughput', '--images', '12', '--unit', '3']);
    expect(before.status, before.stderr).toBe(0);
    expect(before.stderr).toMatch(/fleet: 12 images/);
  });

  test('refuses a rate of one unit alone, and latencies over a queue, saying what to do', async () => {
    const one = await bench(['--throughput', '--images', '3', '--unit', '3']);
    expect(one.status).toBe(2);
    expect(one.stderr).toContain(
      'expected results of several units, got 3 images at once; raise --images, or give --unit',
    );
    const latency = await bench([]);
    expect(latency.status).toBe(2);
    expect(latency.stderr).toContain('latency is never measured through a queue; add --throughput');
  });
});

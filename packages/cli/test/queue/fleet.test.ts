import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queueServers, type TestServer } from '../../../queue/test/support/servers.js';
import { runProgram, type Started, startWorker } from './workers.js';

// What is Valkey's own is tested where the engine is.
const servers = queueServers.filter(({ name }) => name !== 'Valkey');

/** Prediction files of a run folder by name, with their bytes. */
function predictions(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));
  return new Map(names.sort().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

describe.each(servers)('runs on a queue with $name', ({ name, there, start }) => {
  describe.skipIf(!there)(there ? 'with two workers' : `skipped: no ${name} here`, () => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-fleet-'));
    let miniRoot: string;
    let server: TestServer;
    let workers: Started[] = [];
    beforeAll(async () => {
      miniRoot = await ensureMini();
      server = await start();
      workers = ['a', 'b'].map((worker) => startWorker(server.url, work, ['--data', miniRoot, '--name', worker]));
    });
    afterAll(async () => {
      for (const { child } of workers) child.kill('SIGKILL');
      await server?.stop();
      rmSync(work, { recursive: true, force: true });
    });

    test('wider predict gives the files of one process, byte for byte', async () => {
      const [fleet, alone] = ['fleet', 'alone'].map((folder) => path.join(work, folder));
      const args = ['wider', 'predict', '--data', miniRoot, '--scale', 'long:160', '--limit', '24', '--pred'];
      const done = await runProgram([...args, fleet, '--queue', server.url, '--unit', '3'], work);
      expect(done.status, done.stderr).toBe(0);
      expect(done.stderr).toMatch(/fleet: \d+ images, [\d.]+ images\/s, \d workers?/);
      const local = await runProgram([...args, alone, '--workers', '1'], work);
      expect(local.status, local.stderr).toBe(0);
      const expected = predictions(alone);
      expect(expected.size).toBe(24);
      expect(predictions(fleet)).toEqual(expected);
    });

    test('eval gives the numbers of one process, no latency', async () => {
      const out = (folder: string): string => path.join(work, `${folder}.json`);
      const args = [
        'eval',
        '--data',
        miniRoot,
        '--scale',
        'long:160',
        '--no-interval',
        '--limit',
        '12',
        '--gt-format',
        'wider',
      ];
      const folders = ['eval-fleet', 'eval-alone'].map((folder) => path.join(work, folder));
      for (const folder of folders) mkdirSync(folder);
      const done = await runProgram([...args, '--queue', server.url, '--out', out('fleet')], folders[0]);
      expect(done.status, done.stderr).toBe(0);
      const local = await runProgram([...args, '--workers', '1', '--out', out('alone')], folders[1]);
      expect(local.status, local.stderr).toBe(0);
      const [fleet, alone] = ['fleet', 'alone'].map((folder) => JSON.parse(readFileSync(out(folder), 'utf8')));
      expect(alone.latencyMs.detect.n).toBe(12);
      expect(fleet.latencyMs).toBeUndefined();
      expect(fleet.detection).toEqual(alone.detection);
      expect(fleet.protocol).toEqual(alone.protocol);
      expect(fleet.dataset).toEqual(alone.dataset);
      expect(fleet.warnings).toEqual(alone.warnings);
    });

    test('detect keeps landmarks, and gives the faces of one process', async () => {
      const args = ['detect', miniRoot, '--limit', '4', '--scale', 'long:160', '--json', '--quiet', '--fresh'];
      const done = await runProgram([...args, '--queue', server.url], work);
      expect(done.status, done.stderr).toBe(0);
      const alone = await runProgram([...args, '--workers', '1'], work);
      expect(alone.status, alone.stderr).toBe(0);
      expect(alone.stdout).toContain('landmarks');
      expect(done.stdout).toBe(alone.stdout);
    });

    test('ijbc extract gives the features of one process, from images that the workers fetch', async () => {
      const out = (folder: string): string => path.join(work, folder, 'features.npy');
      const args = ['ijbc', 'extract', '--limit', '9', '--out'];
      for (const folder of ['extract-fleet', 'extract-alone']) mkdirSync(path.join(work, folder));
      const queue = ['--queue', server.url, '--serve-images', '127.0.0.1'];
      const done = await runProgram([...args, out('extract-fleet'), ...queue], work);
      expect(done.status, done.stderr).toBe(0);
      const alone = await runProgram([...args, out('extract-alone'), '--workers', '1'], work);
      expect(alone.status, alone.stderr).toBe(0);
      for (const name of ['features.npy', 'features-flip.npy', 'features-points.txt']) {
        const [fleet, one] = ['extract-fleet', 'extract-alone'].map((folder) =>
          readFileSync(path.join(work, folder, name)),
        );
        expect(fleet.equals(one), name).toBe(true);
      }
    });

    test('a record and the terminal hold no password of the queue', async () => {
      const url = server.url.replace(/\/\/(.*@)?/, name === 'Redis' ? '//default:geheim@' : '//postgres:geheim@');
      const out = path.join(work, 'record.json');
      const args = [
        'wider',
        'hard',
        '--data',
        miniRoot,
        '--scale',
        'long:160',
        '--limit',
        '3',
        '--out',
        out,
        '--fresh',
      ];
      const done = await runProgram([...args, '--queue', url], work);
      expect(done.status, done.stderr).toBe(0);
      const { command } = JSON.parse(readFileSync(out, 'utf8')) as { readonly command: string };
      expect(command).toContain(`--queue ${new URL(url).protocol}//127.0.0.1:${server.port}`);
      for (const text of [command, done.stdout, done.stderr]) expect(text).not.toContain('geheim');
    });
  });
});

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { browserStates } from '@retinabench/backends';
import { ensureMini } from '@retinabench/datasets';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

const canRun =
  os.platform() === 'linux' &&
  browserStates().some(({ name, missing }) => name === 'chromium' && missing === undefined);
const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const images = 12;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe.skipIf(!canRun)('a whole eval in Chromium (skipped where it is absent, and outside Linux)', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lost-browser-'));
  const temporary = path.join(root, 'tmp');
  let data: string;
  let undisturbed: ResultRecord;

  /** Start it in a folder of its own, in which a second call goes on. */
  const evaluate = (name: string): { readonly ended: Promise<Ended>; readonly folder: string } => {
    const folder = path.join(root, name);
    mkdirSync(folder, { recursive: true });
    const truth = path.join(data, 'wider_face_val_bbx_gt.txt');
    const args = ['eval', '--data', data, '--gt', truth, '--limit', String(images), '--scale', 'long:160', '--json'];
    const browser = ['--backend', 'chromium/ort-wasm', '--workers', '1', '--image-timeout', '30', '--no-interval'];
    const child = spawn(process.execPath, [program, ...args, ...browser], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '' },
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    }
    return {
      ended: new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said }))),
      folder,
    };
  };
  const recordOf = ({ stdout, stderr }: Ended): ResultRecord => {
    expect(stdout, stderr).not.toBe('');
    return parseRecord(stdout, 'standard output');
  };
  /** What two runs of the same must agree on: all but times, and what says when and on how busy a machine they were made. */
  const numbersOf = ({ ap, metrics, protocol, dataset, failures }: ResultRecord): unknown => ({
    ap,
    metrics: Object.fromEntries(Object.entries(metrics ?? {}).filter(([name]) => !/Ms|second|time/i.test(name))),
    protocol,
    dataset,
    failures,
  });

  beforeAll(async () => {
    mkdirSync(temporary);
    data = await ensureMini({ cacheDir: path.join(root, 'cache') });
    const ended = await evaluate('undisturbed').ended;
    expect(ended.status, ended.stderr).toBe(0);
    undisturbed = recordOf(ended);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Images that the run has finished. */
  const finished = (folder: string): number => {
    const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.retinabench/detections.jsonl'),
    );
    return logs.reduce((sum, file) => sum + readFileSync(path.join(folder, file), 'utf8').split('\n').length - 1, 0);
  };
  const browserPid = (): number | undefined => {
    for (const name of readdirSync(temporary).filter((entry) => entry.startsWith('retinabench-browser-'))) {
      try {
        const owner = readFileSync(path.join(temporary, name, 'owner.json'), 'utf8');
        return (JSON.parse(owner) as { browser?: number }).browser;
      } catch {
        // It is being written, or removed.
      }
    }
    return undefined;
  };

  test.each([
    ['killed', 'SIGKILL', 0],
    ['stopped', 'SIGSTOP', 3],
  ] as const)(
    'whose browser is %s among its images accounts for every image, and is in the end what an undisturbed one is',
    async (name, signal, expected) => {
      await waitUntil('the end of the browser before', () => browserPid() === undefined);
      const first = evaluate(name);
      await waitUntil('a finished image', () => finished(first.folder) > 0, { during: first.ended, everyMs: 5 });
      const pid = browserPid();
      try {
        // All processes of the browser: they share its group.
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // It has done the last image, and is gone.
      }
      const disturbed = await first.ended;
      const named = disturbed.stderr.match(/^timed out: \S+: took longer than 30 s/gm) ?? [];
      expect(finished(first.folder) + named.length).toBe(images);
      expect(disturbed.status, disturbed.stderr).toBe(named.length === 0 ? 0 : expected);
      const again = await evaluate(name).ended;
      expect(again.status, again.stderr).toBe(0);
      expect(finished(first.folder)).toBe(images);
      expect(numbersOf(recordOf(again))).toEqual(numbersOf(undisturbed));
    },
  );
});

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { writeCellImages } from '../fixtures/cell-model.js';
import { writeEndlessModel } from '../fixtures/endless-model.js';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'image-timeout-'));
const environment = { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '' };
const some = path.join(root, 'some');
const dark = path.join(root, 'dark');
let model: string;

/** The network never ends on the first of the four images of `some`, nor on any of `dark`. */
beforeAll(async () => {
  model = writeEndlessModel(root, 'endless');
  await writeCellImages(some, [64, 64, 64, 64], (index) => (index === 0 ? 10 : 200 + index));
  await writeCellImages(dark, [64, 64, 64, 64, 64, 64], () => 10);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd: root, env: environment, encoding: 'utf8' as const };
  return spawnSync(process.execPath, [program, ...args], options);
}

describe('--image-timeout', () => {
  test('ends an image that never ends, names it, scores it as one without detections, and exits with 3', () => {
    const args = ['--model', model, '--data', some, '--workers', '1', '--no-interval', '--image-timeout', '5'];
    const { status, stderr } = run('wider', 'all', ...args, '--out', 'some.json');
    expect(status).toBe(3);
    expect(stderr).toContain('timed out: 0--Cells/cell_00: took longer than 5 s');
    const record = parseRecord(readFileSync(path.join(root, 'some.json'), 'utf8'), 'some.json');
    // Three of four faces come before every false alarm: precision 1 up to recall 0.75.
    expect(record.ap?.hard).toBe(0.75);
    expect(record.failures).toMatchObject([{ kind: 'timeout', images: 1, named: ['0--Cells/cell_00'] }]);
  });

  test('ends a run in which no image ever ends, with one error that names an image', () => {
    const args = ['--model', model, '--data', dark, '--workers', '2', '--image-timeout', '1', '--pred', 'dark-pred'];
    const { status, stderr } = run('wider', 'predict', ...args);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^retinabench: 0--Cells\/cell_0\d: took longer than 1 s and was ended; raise --image-timeout/m,
    );
  });

  test('ends a bench of such a network', () => {
    const [image] = readdirSync(path.join(dark, 'WIDER_val', 'images', '0--Cells'));
    const file = path.join(dark, 'WIDER_val', 'images', '0--Cells', image);
    const { status, stderr } = run(
      'bench',
      '--model',
      model,
      '--size',
      '64x64',
      '--image',
      file,
      '--image-timeout',
      '2',
    );
    expect(status).toBe(3);
    expect(stderr).toContain('no configuration ran; ort-node: took longer than 2 s');
  });
});

test.skipIf(process.platform !== 'linux')(
  'no worker in such a network outlives the program that is killed',
  async () => {
    const args = ['wider', 'predict', '--model', model, '--data', dark, '--workers', '2', '--pred', 'killed'];
    const child = spawn(process.execPath, [program, ...args], { cwd: root, env: environment, stdio: 'ignore' });
    /** A file of /proc; empty where its process has ended. */
    const read = (file: string): string => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return '';
      }
    };
    const workersOf = (): number[] =>
      read(`/proc/${child.pid}/task/${child.pid}/children`).trim().split(' ').filter(Boolean).map(Number);
    /** Clock ticks that a process has computed for; a worker in the network gathers them. */
    const ticksOf = (pid: number): number => Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[11] ?? 0);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const busy = (): number[] => workersOf().filter((pid) => ticksOf(pid) >= 100);
    await waitUntil('two workers in the network', () => busy().length === 2, { during: ended });
    const workers = workersOf();
    child.kill('SIGKILL');
    const isRunning = (pid: number): boolean => !/^$|\) [ZX] /.test(read(`/proc/${pid}/stat`));
    await waitUntil('the end of the workers', () => !workers.some(isRunning));
  },
);

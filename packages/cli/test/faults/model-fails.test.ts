import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCellEmbedder, writeCellImages, writeCellModel } from '../fixtures/cell-model.js';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'model-fails-'));
const environment = { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '' };
const few = path.join(root, 'few');
const all = path.join(root, 'all');
const square = path.join(root, 'square');
let model: string;

/** The model takes the first of the four images of `few`, none of the seven of `all`, and all of `square`. */
beforeAll(async () => {
  model = writeCellModel(root, 'cells');
  await writeCellImages(few, [64, 80, 96, 80]);
  await writeCellImages(square, [64, 64, 64, 64, 64, 64]);
  await writeCellImages(all, [80, 96, 112, 80, 96, 112, 80]);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd: root, env: environment, encoding: 'utf8' as const };
  return spawnSync(process.execPath, [program, ...args], options);
}

describe('a model that fails on some images', () => {
  test('scores them as images without detections, says so in the record, and exits with 3', () => {
    const args = ['--model', model, '--data', few, '--workers', '1', '--no-interval', '--out', 'few.json'];
    const { status, stdout, stderr } = run('wider', 'all', ...args);
    expect(status).toBe(3);
    const record = parseRecord(readFileSync(path.join(root, 'few.json'), 'utf8'), 'few.json');
    // One of four faces is found, before the false alarm: precision 1 up to recall 0.25, and nothing beyond.
    expect(record.ap).toEqual({ easy: 0.25, medium: 0.25, hard: 0.25 });
    expect(record.dataset?.images).toBe(4);
    expect(record.failures).toEqual([
      {
        kind: 'work',
        message: expect.stringContaining('model cells: ort-node failed on image [1, 3, 64, 80]'),
        images: 3,
        named: ['0--Cells/cell_01', '0--Cells/cell_02', '0--Cells/cell_03'],
      },
    ]);
    expect(stdout).toContain('3 of 4 images made the model fail and count as images without detections');
    expect(stderr.match(/the model failed/g)).toHaveLength(1);
    expect(stderr).not.toContain('datasets check');
  });

  test('tries them again when the run is resumed, with the same result', () => {
    const args = ['--model', model, '--data', few, '--workers', '1', '--no-interval', '--out', 'again.json'];
    const { status, stderr } = run('wider', 'all', ...args);
    expect(status).toBe(3);
    expect(stderr).toContain('resumed: 1 of 4 images');
    const record = parseRecord(readFileSync(path.join(root, 'again.json'), 'utf8'), 'again.json');
    expect(record.ap?.hard).toBe(0.25);
  });

  test('writes no file of them under predict, and exits with 3', () => {
    const { status, stdout } = run('wider', 'predict', '--model', model, '--data', few, '--pred', 'pred');
    expect(status).toBe(3);
    expect(stdout).toContain('1 images, 2 detections');
  });
});

test('a model that fails on the first images alike ends the run with one error that says why', () => {
  for (const verb of [
    ['all', '--out', 'all.json'],
    ['predict', '--pred', 'none'],
  ]) {
    const { status, stdout, stderr } = run('wider', ...verb, '--model', model, '--data', all, '--workers', '2');
    expect(status).toBe(3);
    expect(stdout).toBe('');
    const errors = stderr.split('\n').filter((line) => line.startsWith('retinabench: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/model cells: ort-node failed on image .*Reshape/);
    expect(stderr).toContain('the same on each of the first 5; nothing was done');
    expect(stderr).not.toContain('cell_0');
    expect(stderr).not.toContain('datasets check');
  }
});

test('names out of a model reach the terminal as text, on every backend and verb', () => {
  const hostile = writeCellModel(root, 'hostile', { nodeName: 'cells\u001b]0;title\u0007\u009b31m' });
  const verbs = [
    ['wider', 'all', '--out', 'hostile.json'],
    ['parity', '--out', 'parity.json', '--layers'],
  ];
  for (const verb of verbs) {
    const { status, stdout, stderr } = run(...verb, '--model', hostile, '--data', all);
    expect(status).toBe(3);
    expect(stderr).toContain('cells\\u001b]0;title\\u0007\\u009b31m');
    expect(`${stdout}${stderr}`).not.toMatch(/[^\P{Cc}\n\t]/u);
  }
});

test('scores that are no numbers end the run with one error that names the tensor', () => {
  const broken = writeCellModel(root, 'broken', { scoreFactor: Number.NaN });
  const { status, stderr } = run('wider', 'all', '--model', broken, '--data', square, '--out', 'broken.json');
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^retinabench: model broken: output scores\[0\] of \[1, 2\]: expected a finite number, got NaN/m,
  );
  expect(stderr.match(/got NaN/g)).toHaveLength(1);
});

test('a model whose boxes have no width has predictions that wider score accepts', () => {
  const flat = writeCellModel(root, 'flat', { boxXyxy: [16, 16, 16, 48] });
  expect(run('wider', 'predict', '--model', flat, '--data', square, '--pred', 'flat').status).toBe(0);
  const args = ['--pred', 'flat', '--gt', path.join(square, 'ground_truth'), '--no-interval'];
  const { stderr } = run('wider', 'score', ...args, '--out', 'flat.json');
  expect(stderr).not.toMatch(/negative|no size/);
  expect(readFileSync(path.join(root, 'flat', '0--Cells', 'cell_00.txt'), 'utf8').split('\n')[1]).toBe('1');
});

test('an embedder that fails on every image, or does not fit its card, ends an extraction with one error', () => {
  const failing = writeCellEmbedder(root, 'failing');
  const renamed = writeCellEmbedder(root, 'renamed', 'feature');
  const args = ['ijbc', 'extract', '--limit', '48', '--workers', '1'];
  const failed = run(...args, '--embedder', failing, '--out', 'failing.npy');
  expect(failed.status).toBe(3);
  expect(failed.stderr.match(/ort-node failed on image \[1, 3, 112, 112\]/g)).toHaveLength(1);
  const misfit = run(...args, '--embedder', renamed, '--out', 'renamed.npy');
  expect(misfit.status).toBe(2);
  expect(misfit.stderr).toContain('the card names an output feature; the network has scores, boxes; correct the card');
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'wider-identity-'));
const cacheDir = path.join(root, 'cache');
const environment = { ...process.env, RETINABENCH_CACHE: cacheDir, RETINABENCH_DATA: '' };
const event = '0--Faces';
let images: string[];
let work: string;

beforeAll(async () => {
  const mini = await ensureMini({ cacheDir });
  const files = (await listWiderImages(mini)).filter(({ event }) => event === '0--Portrait').slice(0, 3);
  images = files.map(({ file }) => file);
  const truth = JSON.parse(readFileSync(path.join(mini, 'ground_truth', 'wider_face_val.json'), 'utf8')) as {
    images: { name: string; faces: object[] }[];
  };
  const annotated = files.map(({ event: from, image }, index) => ({
    ...truth.images.find(({ name }) => name === `${from}/${image}`),
    name: `${event}/${index}`,
  }));
  mkdirSync(path.join(root, 'ground_truth'));
  writeFileSync(
    path.join(root, 'ground_truth', 'wider_face_val.json'),
    JSON.stringify({ version: 1, images: annotated }),
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Two images, the third is at hand to replace one. */
beforeEach(() => {
  work = mkdtempSync(path.join(root, 'work-'));
  cpSync(path.join(root, 'ground_truth'), path.join(work, 'data', 'ground_truth'), { recursive: true });
  mkdirSync(path.join(work, 'data', 'WIDER_val', 'images', event), { recursive: true });
  for (const index of [0, 1]) cpSync(images[index], placeOf(index));
});

const placeOf = (index: number): string => path.join(work, 'data', 'WIDER_val', 'images', event, `${index}.jpg`);

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const workers = args[0] === 'merge' ? [] : ['--workers', '1'];
  return spawnSync(process.execPath, [program, 'wider', ...args, '--data', 'data', ...workers], {
    cwd: work,
    env: environment,
    encoding: 'utf8',
  });
}

function recordOf(file: string): ResultRecord {
  return parseRecord(readFileSync(path.resolve(work, file), 'utf8'), file);
}

describe('a run goes on with detections of the same bytes alone', () => {
  test('an image that is replaced is detected again, whatever its size and time say; the record tells the data sets apart', () => {
    expect(run('all', '--no-interval', '--out', 'a.json').status).toBe(0);
    const { size, atime, mtime } = statSync(placeOf(0));
    // Bytes after the end of a JPEG do not matter: the other photograph gets the size of this one, or this one its.
    const other = readFileSync(images[2]);
    const padded = Buffer.concat([other, Buffer.alloc(Math.max(0, size - other.length))]);
    writeFileSync(placeOf(0), padded);
    utimesSync(placeOf(0), atime, mtime);
    const second = run('all', '--no-interval', '--out', 'b.json');
    expect(second.stderr).toMatch(/resumed: 1 of 2 images were done before, at \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(second.stderr).toContain('1 of 2 images are others than in the earlier run: done again');
    const [before, after] = [recordOf('a.json'), recordOf('b.json')];
    expect(before.resumed).toBeUndefined();
    expect(after.resumed).toMatchObject({ images: 1, earliest: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(after.dataset?.sha256).not.toBe(before.dataset?.sha256);
    expect(after.dataset?.imagesSha256).not.toBe(before.dataset?.imagesSha256);
    expect(after.dataset?.groundTruthSha256).toBe(before.dataset?.groundTruthSha256);
    expect(run('all', '--no-interval', '--fresh', '--out', 'c.json').status).toBe(0);
    expect(recordOf('c.json').ap).toEqual(after.ap);
    expect(recordOf('c.json').images).toEqual(after.images);
  });

  test('an image that is written again with the same bytes is not', () => {
    expect(run('all', '--no-interval', '--out', 'a.json').status).toBe(0);
    cpSync(images[0], placeOf(0));
    const second = run('all', '--no-interval', '--out', 'b.json');
    expect(second.stderr).toContain('resumed: 2 of 2 images');
    expect(recordOf('b.json').dataset).toEqual(recordOf('a.json').dataset);
  });

  test('of an image that does not decode any more nothing is left, neither in the score nor among the files', () => {
    expect(run('predict', '--pred', 'pred').status).toBe(0);
    expect(readdirSync(path.join(work, 'pred', event))).toEqual(['0.txt', '1.txt']);
    writeFileSync(placeOf(0), readFileSync(placeOf(0)).subarray(0, 2000));
    expect(run('predict', '--pred', 'pred').stderr).toContain(`not detected: ${event}/0`);
    expect(readdirSync(path.join(work, 'pred', event))).toEqual(['1.txt']);
    const merged = run('merge', 'pred', '--no-interval', '--partial', '--out', 'm.json');
    expect(merged.stdout).toContain('1 of 2 images are in none of the folders and are left out of the score');
    expect(recordOf('m.json').dataset?.images).toBe(1);
  });

  test('predict leaves the files of the images asked for alone, and writes the others again without detecting', () => {
    expect(run('predict', '--pred', 'pred').status).toBe(0);
    const first = readFileSync(path.join(work, 'pred', event, '1.txt'), 'utf8');
    expect(run('predict', '--pred', 'pred', '--limit', '1').stderr).toMatch(
      /1 prediction files? of an earlier run removed/,
    );
    expect(readdirSync(path.join(work, 'pred', event))).toEqual(['0.txt']);
    expect(run('predict', '--pred', 'pred').stderr).toContain('resumed: 2 of 2');
    expect(readFileSync(path.join(work, 'pred', event, '1.txt'), 'utf8')).toBe(first);
  });
});

test('the record names the code and everything of others that took part', () => {
  expect(run('all', '--no-interval', '--out', 'a.json').status).toBe(0);
  const { environment: made } = recordOf('a.json');
  expect(made.build).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
  for (const name of ['sharp', 'libvips', 'onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-core']) {
    expect(made.packageVersions[name], name).toMatch(/^\d+\.\d+\.\d+/);
  }
});

test('annotations that move are another data set; the hash is that of their content, not of their file', () => {
  expect(run('all', '--no-interval', '--out', 'a.json').status).toBe(0);
  const file = path.join(work, 'data', 'ground_truth', 'wider_face_val.json');
  const truth = JSON.parse(readFileSync(file, 'utf8')) as { images: { faces: { box: number[] }[] }[] };
  writeFileSync(file, JSON.stringify(truth, null, 2));
  expect(run('all', '--no-interval', '--out', 'b.json').status).toBe(0);
  expect(recordOf('b.json').dataset).toEqual(recordOf('a.json').dataset);
  truth.images[0].faces[0].box[0] += 1;
  writeFileSync(file, JSON.stringify(truth));
  expect(run('all', '--no-interval', '--out', 'c.json').status).toBe(0);
  const [before, after] = [recordOf('a.json').dataset, recordOf('c.json').dataset];
  expect(after?.groundTruthSha256).not.toBe(before?.groundTruthSha256);
  expect(after?.imagesSha256).toBe(before?.imagesSha256);
  // printf 'ground truth %s\nimages %s\n' ... | sha256sum
  const both = `ground truth ${after?.groundTruthSha256}\nimages ${after?.imagesSha256}\n`;
  expect(after?.sha256).toBe(createHash('sha256').update(both).digest('hex'));
  const lines = [0, 1].map((index) => {
    const sha256 = createHash('sha256')
      .update(readFileSync(placeOf(index)))
      .digest('hex');
    return `${event}/${index} ${sha256}\n`;
  });
  expect(after?.imagesSha256).toBe(createHash('sha256').update(lines.join('')).digest('hex'));
});

test('no record takes the place of one of other conditions; the same command writes the same file', () => {
  const files = (): string[] =>
    readdirSync(path.join(work, 'results', 'wider')).filter((name) => name.endsWith('.json'));
  const commands = [
    ['all', '--no-interval'],
    ['hard', '--no-interval', '--limit', '1'],
    ['all', '--no-interval', '--rules', 'matlab'],
    ['all', '--no-interval', '--box-rounding', 'truncate'],
    ['all'],
  ];
  commands.forEach((command, index) => {
    expect(run(...command).status).toBe(0);
    expect(files()).toHaveLength(index + 1);
    expect(run(...command).status).toBe(0);
    expect(files()).toHaveLength(index + 1);
  });
  for (const name of files()) expect(name).toMatch(/^retinaface-rb025-data-ort-node-[0-9a-f]{12}\.json$/);
});

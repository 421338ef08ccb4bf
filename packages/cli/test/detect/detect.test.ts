import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'detect-'));
const work = path.join(root, 'work');
const environment = { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache') };

interface JsonImage {
  readonly image: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly model: string;
  readonly faces?: readonly { readonly boxXywh: readonly number[]; readonly score: number }[];
  readonly error?: { readonly kind: string };
}

/** Two folders, each with a photograph of the same name, and a file that is no image. */
beforeAll(async () => {
  const mini = await listWiderImages(await ensureMini({ cacheDir: path.join(root, 'cache') }));
  for (const [index, place] of ['one/face.jpg', 'two/face.jpg'].entries()) {
    mkdirSync(path.dirname(path.join(root, place)), { recursive: true });
    copyFileSync(mini[3 + index * 21].file, path.join(root, place));
  }
  mkdirSync(work);
  writeFileSync(path.join(work, 'clip.mp4'), '');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(args: readonly string[], input?: Buffer): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'detect', ...args], {
    cwd: work,
    env: environment,
    ...(input === undefined ? {} : { input }),
    maxBuffer: 1 << 26,
  });
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

const lines = (stdout: string): JsonImage[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonImage);

describe('detect', () => {
  test('finds the faces of a photograph, and leaves nothing behind', () => {
    const { status, stdout } = run(['../one/face.jpg', '--workers', '1']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ image +face +score +x +y +width +height\n face\.jpg +1 +[01]\.\d{3} /);
    expect(stdout).toMatch(/\d+ faces? in 1 image/);
    expect(readdirSync(work)).toEqual(['clip.mp4']);
  });

  test('gives for the bytes on standard input what it gives for the file', () => {
    const file = path.join(root, 'one/face.jpg');
    const [fromFile] = lines(run([file, '--json']).stdout);
    const [fromInput] = lines(run(['-', '--json'], readFileSync(file)).stdout);
    expect(fromInput).toEqual({ ...fromFile, image: 'stdin' });
    expect(fromFile.faces?.length).toBeGreaterThan(0);
    expect(run(['-', 'x.jpg'], Buffer.from('')).status).toBe(2);
    expect(run(['-'], Buffer.from('')).stderr).toMatch(/-: expected the bytes of an image on standard input, got none/);
  });

  test('an image turned by its EXIF orientation gives the faces of the upright one, and is drawn upright', async () => {
    const upright = path.join(root, 'upright.png');
    const turned = path.join(root, 'turned.png');
    await sharp(path.join(root, 'one/face.jpg')).png().toFile(upright);
    // Stored a quarter turn to the left; orientation 6 says: turn a quarter to the right to look at it.
    await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).png().toFile(turned);
    const faces = [upright, turned].map((file) => lines(run([file, '--json']).stdout)[0]);
    expect(faces[1]).toMatchObject({ widthPx: faces[0].widthPx, heightPx: faces[0].heightPx, faces: faces[0].faces });
    run([turned, '--draw', 'turned']);
    const { width = 0, height = 0 } = await sharp(path.join(work, 'turned/turned.jpg')).metadata();
    expect(width / height).toBeCloseTo(faces[0].widthPx / faces[0].heightPx, 2);
  });

  test('a broken image is named, the others are finished, and the exit code is 2; the same command detects nothing again', () => {
    writeFileSync(path.join(root, 'two/broken.jpg'), 'no image');
    const args = ['../one', '../two/face.jpg', '../two/broken.jpg', '--json', '--draw', 'drawn', '--crop', 'crops'];
    const first = run(args);
    expect(first.status).toBe(2);
    expect(first.stderr).toMatch(/not detected: two\/broken\.jpg: .*expected an image that decodes/);
    const images = lines(first.stdout);
    expect(images.map(({ image, error }) => [image, error?.kind])).toEqual([
      ['one/face.jpg', undefined],
      ['two/face.jpg', undefined],
      ['two/broken.jpg', 'input'],
    ]);
    // One name in two folders: two pictures, both below the folder asked for.
    expect(existsSync(path.join(work, 'drawn/one/face.jpg'))).toBe(true);
    expect(existsSync(path.join(work, 'drawn/two/face.jpg'))).toBe(true);
    const crops = readdirSync(path.join(work, 'crops/one'));
    expect(crops).toHaveLength(images[0].faces?.length ?? 0);
    const second = run(args);
    expect(second.stderr).toMatch(/resumed: 2 of 3 images were done before/);
    expect(lines(second.stdout)).toEqual(images);
    rmSync(path.join(root, 'two/broken.jpg'));
  });

  test('two models stand side by side; one that cannot run loses no other, and the exit code says so', async () => {
    const models = 'face-api-ssd-mobilenetv1,face-api-tiny,no-such-model';
    const { status, stdout, stderr } = run([
      '../one/face.jpg',
      '--model',
      models,
      '--json',
      '--draw',
      'pair',
      '--crop',
      'each',
    ]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/failed: no-such-model: /);
    expect(lines(stdout).map(({ model }) => model)).toEqual(['face-api-ssd-mobilenetv1', 'face-api-tiny']);
    // Crops of both, a folder each: as many as each has faces.
    for (const { model, faces } of lines(stdout)) {
      expect(readdirSync(path.join(work, 'each', String(model)))).toHaveLength(faces?.length ?? 0);
    }
    const [pair, alone] = await Promise.all([
      sharp(path.join(work, 'pair/face.jpg')).metadata(),
      sharp(path.join(root, 'one/face.jpg')).metadata(),
    ]);
    expect(pair.width / pair.height).toBeGreaterThan((1.6 * alone.width) / alone.height);
  });

  test('--out by the name of the file; a file of something else is not replaced', () => {
    const out = path.join(work, 'faces.csv');
    expect(run(['../one/face.jpg', '--out', 'faces.csv']).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^image,x,y,w,h,score,left_eye_x,.*\nface\.jpg,/);
    writeFileSync(out, 'my diary');
    const { status, stderr } = run(['../one/face.jpg', '--out', 'faces.csv']);
    expect([status, readFileSync(out, 'utf8')]).toEqual([2, 'my diary']);
    expect(stderr).toMatch(/faces\.csv: holds something else, which the faces would replace/);
  });

  test('COCO results carry the ids of the annotations', () => {
    const annotations = path.join(root, 'annotations.json');
    writeFileSync(annotations, JSON.stringify({ images: [{ id: 77, file_name: 'face.jpg' }] }));
    const { stdout } = run(['../one/face.jpg', '--coco', '--coco-ids', annotations]);
    const results = JSON.parse(stdout) as { image_id: number; bbox: number[] }[];
    expect(results.length).toBeGreaterThan(0);
    expect(new Set(results.map(({ image_id }) => image_id))).toEqual(new Set([77]));
  });

  test.each([
    [['gone.jpg'], /gone\.jpg: expected an image, a folder or a glob/],
    [['../one', '--json', '--csv'], /expected one form of the faces, got --json and --csv/],
    [['../one', '--out', 'faces.txt'], /expected a name that ends with \.jsonl/],
    [['../one', '--model', 'face-api-tiny', '--align', 'al'], /--align: model face-api-tiny gives no landmarks/],
    [['../one', '--model', 'a,b', '--coco'], /COCO results know one detector, got 2/],
    [['../one', 'clip.mp4'], /expected videos or images, got both/],
    [['../one', '--run', 'r', '--scale', 'vga,original'], /--run names the folder of one detector/],
  ])('%j ends with exit code 2 and says why', (args, message) => {
    const { status, stderr } = run(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WiderTruth } from '../../src/mini/annotation.js';
import { ensureMini } from '../../src/mini/ensure.js';
import { listWiderImages } from '../../src/wider/list.js';

let cacheDir: string;
let root: string;

beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(os.tmpdir(), 'retinabench-mini-'));
  root = await ensureMini({ cacheDir });
});

afterAll(() => rm(cacheDir, { recursive: true, force: true }));

/** Over names and bytes of all images. */
async function contentDigest(place: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { event, image, file } of await listWiderImages(place)) {
    hash.update(`${event}/${image}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function readTruth(place: string): Promise<WiderTruth> {
  return JSON.parse(await readFile(path.join(place, 'ground_truth', 'wider_face_val.json'), 'utf8')) as WiderTruth;
}

describe('ensureMini', () => {
  it('builds the same bytes wherever it builds, clearing away only what processes left that have ended', async () => {
    const other = await mkdtemp(path.join(os.tmpdir(), 'retinabench-mini-'));
    try {
      const parent = path.join(other, 'datasets');
      const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
      await mkdir(path.join(parent, `.draft-${os.hostname()}-${ended}-mini-0123456789abcdef-aaaaaa`), {
        recursive: true,
      });
      const living = `.draft-${os.hostname()}-${process.ppid}-mini-0123456789abcdef-bbbbbb`;
      await mkdir(path.join(parent, living));
      const again = await ensureMini({ cacheDir: other });
      expect((await readdir(parent)).sort()).toEqual([living, path.basename(again)]);
      expect(path.basename(again)).toBe(path.basename(root));
      expect(await contentDigest(again)).toBe(await contentDigest(root));
      const images = await listWiderImages(root);
      for (const { file } of images) {
        expect((await readFile(path.join(again, path.relative(root, file)))).equals(await readFile(file))).toBe(true);
      }
      for (const file of ['ground_truth/wider_face_val.json', 'wider_face_val_bbx_gt.txt']) {
        expect(await readFile(path.join(again, file))).toEqual(await readFile(path.join(root, file)));
      }
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it('has at least 60 images in at least 4 events, each named in the ground truth and decodable', async () => {
    const images = await listWiderImages(root);
    expect(images.length).toBeGreaterThanOrEqual(60);
    const events = [...new Set(images.map(({ event }) => event))];
    expect(events.length).toBeGreaterThanOrEqual(4);
    for (const event of events) expect(event).toMatch(/^\d+--\w+$/);
    const truth = await readTruth(root);
    expect(truth.images.map(({ name }) => name).sort()).toEqual(images.map(({ event, image }) => `${event}/${image}`));
    const faces = new Map(truth.images.map((image) => [image.name, image.faces]));
    for (const { event, image, file } of images) {
      const { width, height, format } = await sharp(file).metadata();
      expect(format).toBe('jpeg');
      for (const { box } of faces.get(`${event}/${image}`) ?? []) {
        expect(box[0] + box[2]).toBeLessThanOrEqual(width + 0.01);
        expect(box[1] + box[3]).toBeLessThanOrEqual(height + 0.01);
      }
    }
  });

  it("says the same in WIDER's text form, rounded to pixels", async () => {
    const truth = await readTruth(root);
    const lines = (await readFile(path.join(root, 'wider_face_val_bbx_gt.txt'), 'utf8')).trimEnd().split('\n');
    let line = 0;
    for (const { name, faces } of truth.images) {
      expect(lines[line++]).toBe(`${name}.jpg`);
      expect(lines[line++]).toBe(String(faces.length));
      if (faces.length === 0) expect(lines[line++]).toBe('0 0 0 0 0 0 0 0 0 0');
      for (const face of faces) {
        const [x, y, w, h, ...labels] = lines[line++].split(' ').map(Number);
        [
          x - face.box[0],
          y - face.box[1],
          x + w - face.box[0] - face.box[2],
          y + h - face.box[1] - face.box[3],
        ].forEach((difference) => {
          expect(Math.abs(difference)).toBeLessThanOrEqual(0.5 + 1e-9);
        });
        const { blur, expression, illumination, invalid, occlusion, pose } = face;
        expect(labels).toEqual([blur, expression, illumination, invalid, occlusion, pose]);
      }
    }
    expect(line).toBe(lines.length);
  });

  it('lets two builders race for one cache: both get the whole set, nothing is left over', async () => {
    const shared = await mkdtemp(path.join(os.tmpdir(), 'retinabench-mini-'));
    try {
      const [a, b] = await Promise.all([ensureMini({ cacheDir: shared }), ensureMini({ cacheDir: shared })]);
      expect(a).toBe(b);
      expect(await contentDigest(a)).toBe(await contentDigest(root));
      expect(await readdir(path.join(shared, 'datasets'))).toEqual([path.basename(a)]);
    } finally {
      await rm(shared, { recursive: true });
    }
  });

  it('names the way out when the cache cannot be written', async () => {
    const file = path.join(cacheDir, 'not-a-folder');
    await writeFile(file, '');
    await expect(ensureMini({ cacheDir: file })).rejects.toThrow(/RETINABENCH_CACHE/);
  });
});

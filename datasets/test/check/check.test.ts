import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDataset } from '../../src/check/check.js';

const shared = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets');

let work: string;
let jpeg: Buffer;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-check-'));
  jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();
});

afterEach(() => rm(work, { recursive: true }));

async function put(files: Record<string, Buffer | string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(work, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Four empty stand-ins: the check asks only whether they are there. */
const truth = Object.fromEntries(
  ['easy', 'medium', 'hard', 'face'].map((part) => [`ground_truth/wider_${part}_val.mat`, '']),
);
const list =
  '0--A/a.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n0--A/b.jpg\n0\n0 0 0 0 0 0 0 0 0 0\n1--B/c.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n';

describe("checkDataset of WIDER FACE's layout", () => {
  it('calls a root complete that has every annotated image, decodable', async () => {
    await put({
      ...truth,
      'wider_face_val_bbx_gt.txt': list,
      'WIDER_val/images/0--A/a.jpg': jpeg,
      'WIDER_val/images/0--A/b.jpg': jpeg,
      'WIDER_val/images/1--B/c.jpg': jpeg,
    });
    expect(await checkDataset(work)).toEqual({
      root: work,
      kind: 'detection',
      present: 3,
      expected: 3,
      missing: [],
      unexpected: [],
      corrupt: [],
      decoded: true,
      problems: [],
      complete: true,
    });
  });

  it('names missing, corrupt and unannotated images and missing ground truth', async () => {
    await put({
      'wider_face_val_bbx_gt.txt': list,
      'WIDER_val/images/0--A/a.jpg': jpeg.subarray(0, jpeg.length / 2),
      'WIDER_val/images/0--A/b.jpg': '<html>not found</html>',
      'WIDER_val/images/9--X/x.jpg': jpeg,
    });
    const check = await checkDataset(work);
    expect(check).toMatchObject({
      present: 3,
      expected: 3,
      missing: ['1--B/c.jpg'],
      unexpected: ['9--X/x.jpg'],
      complete: false,
    });
    expect(check.corrupt.map(({ image }) => image)).toEqual(['0--A/a.jpg', '0--A/b.jpg']);
    for (const { reason } of check.corrupt) expect(reason).not.toBe('');
    expect(check.problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^ground truth is missing: ground_truth\/wider_easy_val\.mat/),
      '1 of 3 images are missing',
      '2 images do not decode',
    ]);
    for (const { fix } of check.problems) expect(fix).toMatch(/^retinabench datasets pull wider-val/);
    expect(await checkDataset(work, { quick: true })).toMatchObject({ corrupt: [], decoded: false });
  });

  it('fixes a pulled data set by pulling it again', async () => {
    await put({
      ...truth,
      'wider_face_val_bbx_gt.txt': list,
      '.retinabench.json': '{"name": "wider-val", "pulledAt": "", "licence": "", "files": []}',
      'WIDER_val/images/0--A/a.jpg': jpeg,
    });
    const { problems } = await checkDataset(work, { quick: true });
    expect(problems[0].fix).toBe('retinabench datasets pull wider-val --fresh --accept-licence');
  });

  it('takes no command from a receipt that is not one', async () => {
    const receipt = { name: 'x; rm -r ~', pulledAt: '', licence: '', files: [] };
    await put({ '.retinabench.json': JSON.stringify(receipt), 'WIDER_val/images/0--A/notes.txt': '' });
    for (const { fix } of (await checkDataset(work)).problems) expect(fix).not.toContain('rm -r');
  });

  it.each([
    [{ 'WIDER_val/WIDER_val/images/0--A/a.jpg': '' }, /second WIDER_val/, /^mv .*WIDER_val\/WIDER_val\/images/],
    [{ 'wider/WIDER_val/images/0--A/a.jpg': '' }, /one folder further down, in wider/, /datasets check .*\/wider$/],
    [{ 'WIDER_val.zip': '' }, /not unpacked/, /datasets pull wider-val --accept-licence --from /],
    [{ '0--Parade/a.jpg': '' }, /event folders lie at the root/, /^mkdir -p .* && mv /],
    [{ 'notes.txt': '' }, /no data set.*\)$/, /datasets pull wider-val --accept-licence$/],
    [
      { 'holiday.jpg': '' },
      /no data set.*; JPEG files at the root.*: 1$/,
      /datasets pull wider-val.*own: mkdir -p .*0--Own/,
    ],
  ])('recognises the wrong layout %j', async (files, what, fix) => {
    await put(files);
    const check = await checkDataset(work);
    expect(check).toMatchObject({ kind: 'unknown', present: 0, complete: false });
    expect(check.problems).toEqual([{ what: expect.stringMatching(what), fix: expect.stringMatching(fix) }]);
  });

  it('says so when there is no image, no folder, or an annotation that names nothing', async () => {
    await put({ 'WIDER_val/images/0--A/notes.txt': '' });
    expect((await checkDataset(work)).problems.at(-1)?.what).toBe('WIDER_val/images has no images');
    await expect(checkDataset(path.join(work, 'none'))).rejects.toThrow(EnvironmentError);
    await put({ 'wider_face_val_bbx_gt.txt': 'nothing of use' });
    await expect(checkDataset(work)).rejects.toThrow(DatasetError);
  });

  it.each(['{', '{"images": 3}', '{"images": [{"name": 3}]}', '{"images": [null]}', 'null'])(
    'meets the JSON annotation %j with a typed error',
    async (text) => {
      await put({ 'WIDER_val/images/0--A/a.jpg': jpeg, 'ground_truth/wider_face_val.json': text });
      await expect(checkDataset(work)).rejects.toThrow(DatasetError);
    },
  );
});

describe("checkDataset of IJB-C's files", () => {
  it('holds the images against tid_mid and asks for the pairs', async () => {
    await put({ 'lfw_face_tid_mid.txt': 'Ann/1.jpg 1 1\nAnn/2.jpg 2 2\n', 'images/Ann/1.jpg': jpeg });
    const check = await checkDataset(work);
    expect(check).toMatchObject({ kind: 'verification', present: 1, expected: 2, missing: ['Ann/2.jpg'] });
    expect(check.problems[0].what).toBe('lfw_template_pair_label.txt is missing');
  });
});

describe.skipIf(!existsSync(shared))('checkDataset of the shared data folder', () => {
  it('finds 826 of the 3,226 images of WIDER FACE val', async () => {
    const check = await checkDataset(path.join(shared, 'wider'), { quick: true });
    expect(check).toMatchObject({ kind: 'detection', present: 826, expected: 3226, unexpected: [] });
    expect(check.missing).toHaveLength(2400);
    expect(check.problems.map(({ what }) => what)).toEqual(['2,400 of 3,226 images are missing']);
  });

  it('finds LFW complete', async () => {
    expect(await checkDataset(path.join(shared, 'lfw'), { quick: true })).toMatchObject({
      present: 1147,
      complete: true,
    });
  });
});

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIn } from '../support/run-in.js';

let folder: string;

/** One image of six faces in a row, the last not annotated; another whose one face nobody finds. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-audit-'));
  const image = { channels: 3, background: '#808080', width: 400, height: 200 } as const;
  mkdirSync(path.join(folder, 'photos'));
  for (const name of ['a.png', 'b.png'])
    await sharp({ create: image })
      .png()
      .toFile(path.join(folder, 'photos', name));
  const row = [0, 50, 100, 150, 200];
  const faces = [...row.map((x) => ({ image_id: 1, bbox: [x, 50, 30, 30] })), { image_id: 2, bbox: [100, 50, 60, 80] }];
  write('gt.json', {
    images: [
      { id: 1, file_name: 'a.png', width: 400, height: 200 },
      { id: 2, file_name: 'b.png', width: 400, height: 200 },
    ],
    annotations: faces.map((face, index) => ({ id: index + 1, category_id: 1, iscrowd: 0, area: 1, ...face })),
    categories: [{ id: 1, name: 'face' }],
  });
  const found = (score: number, off: number) => [
    ...[...row, 300 + off].map((x) => ({ image_id: 1, category_id: 1, bbox: [x, 50, 30, 30], score })),
    { image_id: 2, category_id: 1, bbox: [350, 150, 20, 20], score: score / 100 },
  ];
  write('first.json', found(0.9, 0));
  write('second.json', found(0.5, 2));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
}

const audit = (...args: string[]) =>
  runIn(folder, 'datasets', 'audit', '--gt', 'gt.json', '--pred', 'first.json', '--pred', 'second.json', ...args);

describe('datasets audit', () => {
  it('lists a face that both detectors are sure of and that is not annotated, and one that none finds', async () => {
    const { status, stdout } = await audit();
    expect(status).toBe(0);
    // 5 of 6 detections of the score are right.
    expect(stdout).toMatch(/not annotated.*: 1\n/);
    expect(stdout).toMatch(/a\.png +300, 50, 30, 30 +83 % +first\.json, second\.json/);
    expect(stdout).toMatch(/annotated, and no detector finds it: 1\n/);
    expect(stdout).toMatch(/b\.png +100, 50, 60, 80 +0\.00/);
  });

  it('writes them as COCO that it can read again, and draws each', async () => {
    const { status, stderr } = await audit('--images', 'photos', '--draw', 'suspect', '--out', 'suspect.json');
    expect([status, stderr]).toEqual([0, expect.stringContaining('COCO: suspect.json, 2 annotations')]);
    const coco = JSON.parse(readFileSync(path.join(folder, 'suspect.json'), 'utf8'));
    expect(coco.annotations).toMatchObject([
      { image_id: 1, category_id: 1, bbox: [300, 50, 30, 30], detectors: ['first.json', 'second.json'] },
      { image_id: 2, category_id: 2, bbox: [100, 50, 60, 80], annotated: [0] },
    ]);
    expect(coco.categories.map(({ name }: { name: string }) => name)).toEqual([
      'unannotated',
      'never-found',
      'repeated',
    ]);
    expect(readdirSync(path.join(folder, 'suspect')).filter((name) => name.endsWith('.png'))).toEqual([
      'never-found-001.png',
      'unannotated-001.png',
    ]);
    const { data, info } = await sharp(path.join(folder, 'suspect/unannotated-001.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    // 5 times the box is 150 px of the image, drawn 480 wide: the left edge of the box lies 60 px in, at 192.
    expect([info.width, info.height]).toEqual([480, 480]);
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * info.width + x) * info.channels).subarray(0, 3),
    ];
    expect(at(192, 240)[0]).toBeGreaterThan(200);
    expect(at(192, 240)[1]).toBeLessThan(120);
    const again = await runIn(
      folder,
      'datasets',
      'convert',
      'suspect.json',
      '--to',
      'csv',
      '--out',
      'again.csv',
      '--category',
      'unannotated',
    );
    expect([again.status, existsSync(path.join(folder, 'again.csv'))]).toEqual([0, true]);
  });

  it('reads forms that do not say themselves how, by the flags that its errors name', async () => {
    writeFileSync(path.join(folder, 'gt.csv'), 'a.png,0,50,30,30\nb.png,100,50,60,80\n');
    writeFileSync(path.join(folder, 'pred.csv'), 'a.png,0,50,30,30,0.9\nb.png,100,50,60,80,0.8\n');
    const files = ['datasets', 'audit', '--gt', 'gt.csv', '--pred', 'pred.csv'];
    const annotated = ['--gt-format', 'csv', '--gt-columns', 'image,x,y,w,h'];
    const predicted = ['--pred-format', 'csv', '--pred-columns', 'image,x,y,w,h,score'];
    expect(await runIn(folder, ...files)).toMatchObject({ status: 2, stderr: expect.stringMatching(/--gt-format/) });
    expect(await runIn(folder, ...files, ...annotated)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--pred-format/),
    });
    const read = await runIn(folder, ...files, ...annotated, ...predicted);
    expect(read.status, read.stderr).toBe(0);
    expect(read.stdout).toMatch(/2 images, 2 annotated faces; detectors pred\.csv/);
  });

  it('says of each set of predictions which images it lacks, and which are not annotated', async () => {
    write('third.json', [
      { image: 'a.png', bbox: [0, 50, 30, 30], score: 0.9, category_id: 1, image_id: 1 },
      { image: 'z.png', bbox: [0, 50, 30, 30], score: 0.9, category_id: 1, image_id: 9 },
    ]);
    const { status, stderr } = await audit('--pred', 'third.json', '--quiet');
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/warning: third\.json: unknown-images: 1 image \(.*\) of 2 predicted not in gt\.json/);
    expect(stderr).toMatch(/warning: third\.json: missing-images: 1 image \(b\.png\) of 2 annotated/);
    expect(stderr).not.toMatch(/(first|second)\.json: (unknown|missing)-images/);
  });

  it('looks for the images in the folder that --gt names, as eval does', async () => {
    cpSync(path.join(folder, 'photos'), path.join(folder, 'set'), { recursive: true });
    cpSync(path.join(folder, 'gt.json'), path.join(folder, 'set/annotations.json'));
    const sources = ['--gt', 'set', '--pred', 'first.json', '--pred', 'second.json'];
    const { status, stderr } = await runIn(folder, 'datasets', 'audit', ...sources, '--draw', 'drawn');
    expect(status, stderr).toBe(0);
    expect(readdirSync(path.join(folder, 'drawn')).filter((name) => name.endsWith('.png'))).toHaveLength(2);
  });

  it('asks for what it needs', async () => {
    expect(await runIn(folder, 'datasets', 'audit', '--gt', 'gt.json')).toMatchObject({ status: 2 });
    expect(await audit('--models', '3')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/at least 3 models, got 2/),
    });
  });
});

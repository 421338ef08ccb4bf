import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = path.resolve('packages/cli/dist/main.js');
let work: string;
beforeEach(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-cli-'));
});
afterEach(() => rmSync(work, { recursive: true }));

function convert(...args: string[]) {
  const env = { ...process.env, RETINABENCH_CACHE: path.join(work, 'cache') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'datasets', 'convert', ...args], {
    env,
    cwd: work,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const coco = {
  images: [
    { id: 5, file_name: 'a/1.jpg', width: 200, height: 100 },
    { id: 6, file_name: 'a/2.jpg', width: 50, height: 50 },
  ],
  annotations: [
    { id: 1, image_id: 5, category_id: 1, bbox: [10, 20, 40, 50], iscrowd: 0 },
    { id: 2, image_id: 5, category_id: 1, bbox: [50, 20, 20, 10], iscrowd: 1, keypoints: [1, 2, 2] },
  ],
  categories: [{ id: 1, name: 'face', keypoints: ['nose'] }],
};

function writeCoco(): void {
  writeFileSync(path.join(work, 'gt.json'), JSON.stringify(coco));
}

test('annotations become another form, and what it cannot hold is said before and in the JSON', () => {
  writeCoco();
  const { status, stdout, stderr } = convert('gt.json', '--to', 'yolo', '--out', 'yolo', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'annotations',
    from: 'coco',
    to: 'yolo',
    images: 2,
    faces: 2,
    losses: [
      { what: 'crowd flags', count: 1 },
      { what: 'ids of images', count: 2 },
    ],
  });
  expect(stderr).toMatch(/annotations: coco: 2 images, 2 faces/);
  expect(stderr).toMatch(/warning: yolo does not hold 1 crowd flags, 2 ids of images/);
  // cx = (10 + 40 / 2) / 200, cy = (20 + 50 / 2) / 100, w = 40 / 200, h = 50 / 100; x = 1 / 200, y = 2 / 100.
  expect(readFileSync(path.join(work, 'yolo/labels/a/1.txt'), 'utf8')).toBe(
    '0 0.15 0.45 0.2 0.5 0 0 0\n0 0.3 0.25 0.1 0.1 0.005 0.02 2\n',
  );
  expect(readFileSync(path.join(work, 'yolo/labels/a/2.txt'), 'utf8')).toBe('');
});

test('--strict writes nothing if anything would be lost', () => {
  writeCoco();
  const { status, stderr } = convert('gt.json', '--to', 'label-text', '--out', 'out.txt', '--strict');
  expect(status).toBe(2);
  expect(stderr).toMatch(/1 faces with landmarks, 1 crowd flags.*nothing was written/);
  expect(existsSync(path.join(work, 'out.txt'))).toBe(false);
  expect(convert('gt.json', '--to', 'coco', '--out', 'out.json', '--strict').status).toBe(0);
});

test('what is there is never replaced, and no draft stays', () => {
  writeCoco();
  writeFileSync(path.join(work, 'mine.csv'), 'mine');
  const { status, stderr } = convert('gt.json', '--to', 'csv', '--out', 'mine.csv');
  expect(status).toBe(2);
  expect(stderr).toMatch(/mine\.csv: expected a new file or folder/);
  expect(readFileSync(path.join(work, 'mine.csv'), 'utf8')).toBe('mine');
  expect(readdirSync(work).sort()).toEqual(['gt.json', 'mine.csv']);
});

test('predictions become another form, named and numbered by the annotations', () => {
  writeCoco();
  writeFileSync(path.join(work, 'p.csv'), 'image,x,y,w,h,score\n1.jpg,1,2,30,40,0.5\n');
  expect(convert('p.csv', '--to', 'coco-results', '--gt', 'gt.json', '--out', 'p.json').status).toBe(0);
  const results = readFileSync(path.join(work, 'p.json'), 'utf8');
  expect(JSON.parse(results)).toEqual([{ image_id: 5, category_id: 1, bbox: [1, 2, 30, 40], score: 0.5 }]);
  expect(convert('p.json', '--to', 'csv', '--out', 'no.csv')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/got ids such as 5; .*--gt PATH/),
  });
  expect(convert('p.json', '--to', 'csv', '--gt', 'gt.json', '--out', 'named.csv').status).toBe(0);
  expect(readFileSync(path.join(work, 'named.csv'), 'utf8')).toBe('image,x,y,w,h,score\na/1.jpg,1,2,30,40,0.5\n');
});

test('a form of the other kind, and content of no kind, are refused', () => {
  writeCoco();
  expect(convert('gt.json', '--to', 'json-lines', '--out', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/expected a form of annotations/),
  });
  writeFileSync(path.join(work, 'notes.txt'), 'hello\n');
  expect(convert('notes.txt', '--to', 'csv', '--out', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/--kind annotations or --kind predictions/),
  });
  expect(convert('absent', '--to', 'csv', '--out', 'x').status).toBe(3);
});

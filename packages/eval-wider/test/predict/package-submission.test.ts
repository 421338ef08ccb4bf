import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { packageSubmission, writeSubmission } from '../../src/index.js';
import { checkSubmission } from '../../src/predict/package-submission.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'package-'));
const images = ['0--Parade/a', '1--Handshaking/b'];
let folder: string;
let made = 0;

beforeEach(async () => {
  folder = path.join(root, String(++made));
  await writeSubmission(folder, [
    { image: '0--Parade/a', widthPx: 9, heightPx: 9, detections: [1, 2, 3, 4, 0.5, 0.5, 0.25, 2, 2, 0.125] },
    { image: '1--Handshaking/b', widthPx: 9, heightPx: 9, detections: [] },
  ]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The files of a ZIP, in its order, read by another library than the one that wrote it. */
function filesOf(archive: Uint8Array): Promise<[name: string, content: string][]> {
  return new Promise((resolve, reject) => {
    fromBuffer(Buffer.from(archive), { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const files: [string, string][] = [];
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            files.push([entry.fileName, Buffer.concat(chunks).toString('utf8')]);
            zip.readEntry();
          });
        }),
      );
      zip.on('end', () => resolve(files));
      zip.readEntry();
    });
  });
}

describe('packageSubmission', () => {
  test('holds a text file for each image in the folder of its event, and nothing else', async () => {
    mkdirSync(path.join(folder, 'notes'));
    writeFileSync(path.join(folder, 'notes', 'mine.txt'), 'not for the server');
    const done: number[] = [];
    const packed = packageSubmission(folder, images, (count) => done.push(count));
    const archive = Buffer.concat([...packed.archive]);
    expect([packed.detections, packed.bytes]).toEqual([2, archive.length]);
    expect(done).toEqual([1, 2]);
    expect(await filesOf(archive)).toEqual([
      ['0--Parade/a.txt', 'a\n2\n1 2 3 4 0.5\n0.5 0.25 2 2 0.125\n'],
      ['1--Handshaking/b.txt', 'b\n0\n'],
    ]);
  });

  test('is the same bytes for the same predictions', () => {
    const [first, second] = [packageSubmission(folder, images), packageSubmission(folder, images)];
    expect(Buffer.concat([...first.archive]).equals(Buffer.concat([...second.archive]))).toBe(true);
  });

  test('refuses a file that the server would not read, as it is taken', () => {
    writeFileSync(path.join(folder, '1--Handshaking', 'b.txt'), 'b\n1\n');
    const { archive } = packageSubmission(folder, images);
    expect(() => [...archive]).toThrow(/b\.txt:2: expected 0, the lines that follow/);
  });

  test('names a file that cannot be read, and does not blame the archive', () => {
    const file = path.join(folder, '1--Handshaking', 'b.txt');
    rmSync(file);
    mkdirSync(file);
    const take = () => [...packageSubmission(folder, images).archive];
    expect(take).toThrow(DatasetError);
    expect(take).toThrow(/b\.txt: expected a prediction file, got one that cannot be read \(EISDIR/);
  });

  test('names images that are missing', () => {
    const asked = [...images, '2--Demonstration/c'];
    expect(() => packageSubmission(folder, asked)).toThrow(DatasetError);
    expect(() => packageSubmission(folder, asked)).toThrow(
      /expected predictions of 3 images, 1 are missing: 2--Demonstration\/c; run wider predict/,
    );
  });
});

describe('checkSubmission', () => {
  test.each([
    ['b\n0\n', /:1: expected the image's name, a, got "b"/],
    ['a\n', /:2: expected the number of detections, got ""/],
    ['a\n2\n1 2 3 4 0.5\n', /:2: expected 1, the lines that follow, got "2"/],
    ['a\n1\n1 2 3 4\n', /:3: expected five numbers, x y w h score, got "1 2 3 4"/],
    ['a\n1\n1 2 x 4 0.5\n', /:3: expected five numbers/],
    ['a\n1\n1 2 0 4 0.5\n', /:3: expected a width and a height above 0/],
    ['a\n1\n1 2 3 4 1.5\n', /:3: expected a score from 0 to 1/],
    ['a\n2\n1 2 3 4 0.5\n1 2 3 4 0.6\n', /:4: expected a score of at most 0\.5, that of the line before/],
  ])('refuses %j', (text, message) => {
    expect(() => checkSubmission(text, 'a.txt', '0--Parade/a')).toThrow(DatasetError);
    expect(() => checkSubmission(text, 'a.txt', '0--Parade/a')).toThrow(message);
  });

  test('takes the name with extension and folder, and lines of Windows', () => {
    expect(checkSubmission('0--Parade/a.jpg\r\n1\r\n1 2 3 4 0.5\r\n', 'a.txt', '0--Parade/a')).toBe(1);
  });
});

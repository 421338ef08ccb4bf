import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type LandmarkSet, pointScheme } from '@retinabench/eval-landmarks';
import { afterAll, describe, expect, it } from 'vitest';
import { annotatedFiles } from '../../src/annotated/annotated-files.js';
import { findAnnotated } from '../../src/landmarks/annotated-images.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-annotated-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;

/** A folder of empty files; a name keeps its backslashes, as on systems where they separate nothing. */
function folderOf(...files: string[]): string {
  const folder = path.join(root, String(++made));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  return folder;
}

/** A face an image, all its points at the corner. */
function landmarksOf(images: readonly string[]): LandmarkSet {
  const scheme = pointScheme(5);
  return {
    ...{ place: 'label.txt', faces: images.length, scheme, images, imageOf: Int32Array.from(images.keys()) },
    points: new Float64Array(images.length * scheme.count * 2),
    attributes: new Map(),
  };
}

describe('the files of annotated images', () => {
  // Neither the paths nor the last parts of them are equal one by one: only below `photos` are the paths.
  const layout = ['photos/a/1.jpg', 'photos/b/1.jpg'];
  const images = ['a/1.jpg', 'b/1.jpg'];

  it('are found below the common folder, for boxes and for landmarks alike', async () => {
    const folder = folderOf(...layout);
    const tasks = images.map((image) => ({ image, file: path.join(folder, 'photos', image) }));
    expect((await annotatedFiles({ images }, folder, false)).images).toEqual(tasks);
    const found = await findAnnotated(landmarksOf(images), folder, 'refuse', undefined);
    expect(found.set.images).toEqual(tasks);
    expect(found.notes).toEqual([]);
    const first = await findAnnotated(landmarksOf(images), folder, 'refuse', 1);
    expect([first.set.images, first.annotated.images]).toEqual([tasks.slice(0, 1), images.slice(0, 1)]);
  });

  it('come with what was passed over: names that cannot be used, videos, and files that are not annotated', async () => {
    const folder = folderOf(...layout, 'photos/c\\1.jpg', 'clip.mp4', 'photos/d.jpg');
    const said = [
      '1 image files are not annotated and left out, first d.jpg',
      '1 videos in folders are passed over; detect takes a video that is named itself',
      '1 image files have names that cannot be used, first photos/c\\1.jpg: its name has a backslash; rename it',
    ];
    expect((await annotatedFiles({ images }, folder, false)).notes).toEqual(said);
    expect((await findAnnotated(landmarksOf(images), folder, 'refuse', undefined)).notes).toEqual(said);
    await expect(annotatedFiles({ images: [...images, 'c/1.jpg'] }, folder, false)).rejects.toThrow(
      /none for 1 \(c\/1\.jpg\); fix: .*; 1 image files have names that cannot be used, first photos\/c\\1\.jpg/,
    );
  });

  it('are refused where no name can be used', async () => {
    const refused = annotatedFiles({ images }, folderOf('a\\1.jpg'), true);
    await expect(refused).rejects.toThrow(DatasetError);
    await expect(refused).rejects.toThrow(/none that can be used: 1 image files .*a\\1\.jpg: its name has a backslash/);
  });
});

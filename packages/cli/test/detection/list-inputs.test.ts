import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listInputs } from '../../src/detection/list-inputs.js';

const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'inputs-')));
const at = (...steps: string[]): string => path.join(root, ...steps);
const files = [
  'a/x.jpg',
  'a/deep/er/y.PNG',
  'a/.ipynb_checkpoints/z.jpg',
  'a/.hidden.jpg',
  'a/notes.txt',
  'b/x.jpg',
  'b/clip.mp4',
  'odd[1].jpg',
];

beforeAll(() => {
  for (const file of files) {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), '');
  }
  symlinkSync(at('a'), at('b', 'loop'));
  symlinkSync(at('a', 'x.jpg'), at('b', 'same.jpg'));
  mkdirSync(at('empty'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const namesOf = async (...inputs: string[]): Promise<string[]> =>
  (await listInputs(inputs)).images.map(({ image }) => image);

describe('listInputs', () => {
  test('searches a folder with all below it, but for hidden files and folders and links to folders', async () => {
    expect(await namesOf(at('a'))).toEqual(['deep/er/y.PNG', 'x.jpg']);
    expect(await namesOf(at('b'))).toEqual(['same.jpg', 'x.jpg']);
  });

  test('names stay below the folder that holds all inputs, whatever way leads to them, so that no two are one', async () => {
    expect(await namesOf(at('a/x.jpg'), at('b/x.jpg'))).toEqual(['a/x.jpg', 'b/x.jpg']);
    expect(await namesOf(at('a/deep/../../b/x.jpg'), at('a'))).toEqual(['a/deep/er/y.PNG', 'a/x.jpg', 'b/x.jpg']);
    const relative = path.relative(process.cwd(), at('b/x.jpg'));
    expect(relative).toMatch(/^\.\./);
    expect(await namesOf(relative)).toEqual(['x.jpg']);
  });

  test('takes a file once, however often and under whatever link it is named', async () => {
    expect(await namesOf(at('a/x.jpg'), at('a'), at('a/./x.jpg'))).toEqual(['deep/er/y.PNG', 'x.jpg']);
    expect((await listInputs([at('a/x.jpg'), at('b/same.jpg')])).images).toHaveLength(1);
  });

  test('expands globs where no shell did; a path that exists is no glob', async () => {
    expect(await namesOf(at('*/x.jpg'))).toEqual(['a/x.jpg', 'b/x.jpg']);
    expect(await namesOf(at('a/**/*.{PNG,webp}'))).toEqual(['deep/er/y.PNG']);
    expect(await namesOf(at('odd[1].jpg'))).toEqual(['odd[1].jpg']);
  });

  test('a video that is named is a video; in a folder it is passed over, and counted', async () => {
    expect((await listInputs([at('b/clip.mp4')])).videos).toEqual([at('b/clip.mp4')]);
    expect((await listInputs([at('b')])).notes).toEqual([
      '1 videos in folders are passed over; detect takes a video that is named itself',
    ]);
  });

  test('passes over folders that it filled itself, unless one is named', async () => {
    for (const [name, mark] of [
      ['drawn', '.retinabench-files'],
      ['run', '.retinabench'],
    ]) {
      mkdirSync(at('d', name, mark), { recursive: true });
      writeFileSync(at('d', name, 'x.jpg'), '');
    }
    writeFileSync(at('d', 'own.jpg'), '');
    expect(await namesOf(at('d'))).toEqual(['own.jpg']);
    expect((await listInputs([at('d')])).notes).toEqual(['2 folders that retinabench filled itself are passed over']);
    expect(await namesOf(at('d', 'drawn'))).toEqual(['x.jpg']);
  });

  test.each([
    ['gone.jpg', /expected an image, a folder or a glob, got nothing of that name/],
    ['empty', /expected images \(\.jpg, .*got 0 files of which none ends so/],
    ['a/*.webp', /got 0 files of which none ends so/],
    ['gone/**/*.jpg', /expected a glob below a folder, got no folder/],
  ])('refuses %s', async (input, message) => {
    await expect(listInputs([at(input)])).rejects.toThrow(DatasetError);
    await expect(listInputs([at(input)])).rejects.toThrow(message);
  });

  test('refuses one name in two forms of Unicode, and sets names aside that cannot be written down', async () => {
    mkdirSync(at('c'));
    writeFileSync(at('c', 'caf\u00e9.jpg'), '');
    writeFileSync(at('c', 'new\nline.jpg'), '');
    const { images, unusable } = await listInputs([at('c')]);
    expect(images.map(({ image }) => image)).toEqual(['caf\u00e9.jpg']);
    expect(unusable.map(({ image }) => image)).toEqual(['new\nline.jpg']);
    writeFileSync(at('c', 'cafe\u0301.jpg'), '');
    await expect(listInputs([at('c')])).rejects.toThrow(/expected each image once, got caf\u00e9\.jpg twice/);
  });
});

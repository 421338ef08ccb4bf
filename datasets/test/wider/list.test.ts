import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listWiderImages } from '../../src/index.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'datasets-list-'));
  mkdirSync(path.join(root, 'images', '0--A'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

describe('listWiderImages', () => {
  it('takes names in any script, with spaces and leading dots, below the root alone', async () => {
    const names = ['日本.jpg', 'a b.JPG', '..c.jpg', '-rf.jpeg', 'CON.jpg', `${'x'.repeat(250)}.jpg`, 'e\u0301.jpg'];
    for (const name of [...names, '.hidden.jpg', 'note.txt'])
      writeFileSync(path.join(root, 'images', '0--A', name), '');
    const listed = await listWiderImages(root);
    expect(new Set(listed.map(({ image }) => image))).toEqual(
      new Set(
        names.filter((name) => !name.startsWith('.')).map((name) => name.replace(/\.jpe?g$/i, '').normalize('NFC')),
      ),
    );
    for (const { file } of listed) expect(path.relative(root, file).startsWith('..')).toBe(false);
  });

  it('lists an event of plain names alone as one that has another name, too', async () => {
    const event = path.join(root, 'images', '0--A');
    for (const name of ['b.jpg', 'a.jpg', 'a-1.jpg', 'a b.jpg', 'a.b.jpg', '_.jpg'])
      writeFileSync(path.join(event, name), '');
    const plain = await listWiderImages(root);
    writeFileSync(path.join(event, 'note.txt'), '');
    expect(await listWiderImages(root)).toEqual(plain);
    expect(plain.map(({ image }) => image)).toEqual(['_', 'a b', 'a-1', 'a.b', 'a', 'b']);
    expect(plain[0].file).toBe(path.join(event, '_.jpg'));
    writeFileSync(path.join(event, 'a.JPG'), '');
    await expect(listWiderImages(root)).rejects.toThrow(/got 0--A\/a twice/);
  });

  it('passes over hidden folders, which editors leave behind', async () => {
    mkdirSync(path.join(root, 'images', '.ipynb_checkpoints'));
    writeFileSync(path.join(root, 'images', '.ipynb_checkpoints', 'a-checkpoint.jpg'), '');
    writeFileSync(path.join(root, 'images', '0--A', 'a.jpg'), '');
    expect((await listWiderImages(root)).map(({ event, image }) => `${event}/${image}`)).toEqual(['0--A/a']);
  });

  it.skipIf(process.platform !== 'linux')(
    'refuses two files whose names differ in their form of Unicode alone',
    async () => {
      // U+00E9 and e + U+0301 are one letter (Unicode Standard Annex 15).
      for (const name of ['\u00e9.jpg', 'e\u0301.jpg']) writeFileSync(path.join(root, 'images', '0--A', name), '');
      await expect(listWiderImages(root)).rejects.toThrow(/same name in two forms of Unicode/);
    },
  );

  it.skipIf(process.platform === 'win32')('passes over folders and pipes called .jpg, and takes links', async () => {
    const event = path.join(root, 'images', '0--A');
    mkdirSync(path.join(event, 'folder.jpg'));
    expect(spawnSync('mkfifo', [path.join(event, 'pipe.jpg')]).status).toBe(0);
    writeFileSync(path.join(root, 'elsewhere.jpg'), '');
    symlinkSync(path.join(root, 'elsewhere.jpg'), path.join(event, 'link.jpg'));
    symlinkSync(path.join(event, 'pipe.jpg'), path.join(event, 'to-pipe.jpg'));
    expect((await listWiderImages(root)).map(({ image }) => image)).toEqual(['link']);
    symlinkSync('/nonexistent', path.join(event, 'to-nothing.jpg'));
    expect((await listWiderImages(root)).map(({ image }) => image)).toEqual(['link', 'to-nothing']);
  });

  it.skipIf(process.platform === 'win32').each(['a\\..\\b.jpg', 'a\nb.jpg', 'a\u001b[2Jb.jpg', 'a\x7f.jpg'])(
    'names an image called %j, which would be another in a log or a list',
    async (name) => {
      writeFileSync(path.join(root, 'images', '0--A', name), '');
      await expect(listWiderImages(root)).rejects.toThrow(DatasetError);
      await expect(listWiderImages(root)).rejects.toThrow(/images: image "0--A\/a.*" has a .*; rename it/);
    },
  );
});

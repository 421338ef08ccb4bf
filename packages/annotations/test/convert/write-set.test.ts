import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { writeSet } from '../../src/convert/write-set.js';
import type { WrittenSet } from '../../src/writing/written-files.js';
import { temporaryFiles } from '../temporary-files.js';

const folderSet: WrittenSet = {
  kind: 'folder',
  files: [
    { name: 'a/b.txt', parts: ['1', '2'] },
    { name: 'c.txt', parts: [] },
  ],
  losses: [],
};

test('a folder and a file are written with the folders that they need', async () => {
  const folder = temporaryFiles({});
  expect(await writeSet(folderSet, path.join(folder, 'x/y'))).toEqual({ files: 2, bytes: 2 });
  expect(readFileSync(path.join(folder, 'x/y/a/b.txt'), 'utf8')).toBe('12');
  const file: WrittenSet = { kind: 'file', files: [{ name: '', parts: ['text'] }], losses: [] };
  await writeSet(file, path.join(folder, 'z.txt'));
  expect(readFileSync(path.join(folder, 'z.txt'), 'utf8')).toBe('text');
  expect(readdirSync(folder).sort()).toEqual(['x', 'z.txt']);
});

test('what is there is left as it is', async () => {
  const folder = temporaryFiles({ 'a.txt': 'mine' });
  mkdirSync(path.join(folder, 'empty'));
  for (const name of ['a.txt', 'empty']) {
    await expect(writeSet(folderSet, path.join(folder, name))).rejects.toThrow(DatasetError);
  }
  expect(readFileSync(path.join(folder, 'a.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(folder).sort()).toEqual(['a.txt', 'empty']);
});

test('a failure, or an interrupt, leaves nothing behind', async () => {
  const folder = temporaryFiles({});
  const target = path.join(folder, 'out');
  const failing: WrittenSet = {
    ...folderSet,
    files: (function* () {
      yield { name: 'a.txt', parts: ['1'] };
      throw new DatasetError('a face that the form cannot hold');
    })(),
  };
  await expect(writeSet(failing, target)).rejects.toThrow(/cannot hold/);
  const controller = new AbortController();
  const interrupted: WrittenSet = {
    ...folderSet,
    files: (function* () {
      yield { name: 'a.txt', parts: ['1'] };
      controller.abort(new Error('interrupted'));
      yield { name: 'b.txt', parts: ['1'] };
    })(),
  };
  await expect(writeSet(interrupted, target, controller.signal)).rejects.toThrow('interrupted');
  expect(existsSync(target)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('a place that cannot be written is an error of the environment', async () => {
  const folder = temporaryFiles({});
  writeFileSync(path.join(folder, 'file'), '');
  await expect(writeSet(folderSet, path.join(folder, 'file/below'))).rejects.toThrow(EnvironmentError);
});

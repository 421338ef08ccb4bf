import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { listFiles } from '../../src/source/list-files.js';
import { temporaryFiles } from '../temporary-files.js';

test('hidden files and folders are passed over, names are composed and sorted', () => {
  const folder = temporaryFiles({
    'b.txt': '',
    'a/c.txt': '',
    'a/.DS_Store': '',
    'a/._c.txt': '',
    '.ipynb_checkpoints/b.txt': '',
    '__MACOSX/b.txt': '',
    'cafe\u0301.txt': '',
  });
  expect(listFiles(folder).map(({ name }) => name)).toEqual(['a/c.txt', 'b.txt', 'caf\u00e9.txt']);
  expect(listFiles(folder)[2].file).toBe(path.join(folder, 'cafe\u0301.txt'));
});

test('links are followed, and a folder in a circle is listed once', () => {
  const folder = temporaryFiles({ 'a/b.txt': '' });
  symlinkSync('..', path.join(folder, 'a/up'));
  symlinkSync('a', path.join(folder, 'again'));
  expect(listFiles(folder).map(({ name }) => name)).toEqual(['a/b.txt']);
});

test('folders without end are refused, and what is no folder', () => {
  const folder = temporaryFiles({ 'a.txt': '' });
  mkdirSync(path.join(folder, Array(40).fill('d').join('/')), { recursive: true });
  expect(() => listFiles(folder)).toThrow(/at most 32 folders/);
  expect(() => listFiles(path.join(folder, 'absent'))).toThrow(EnvironmentError);
});

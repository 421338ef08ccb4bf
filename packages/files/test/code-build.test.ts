import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '@retinabench/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeBuild } from '../src/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-build-'));
  write('package.json', '{"name": "p", "version": "1.2.3"}');
  write('dist/b.js', 'beta');
  write('dist/a/c.js', 'c');
  write('dist/a/c.d.ts', 'types change no number');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: string): void {
  const place = path.join(folder, 'node_modules', 'p', file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, content);
}
const from = (): string => pathToFileURL(path.join(folder, 'asks.js')).href;

test('codeBuild is the version and the SHA-256 over names, lengths and code, in the order of names', () => {
  // printf 'p 1.2.3\na/c.js 1\ncb.js 4\nbeta' | sha256sum
  const sha256 = createHash('sha256').update('p 1.2.3\na/c.js 1\ncb.js 4\nbeta').digest('hex');
  expect(codeBuild([{ package: 'p' }], from())).toEqual({ version: '1.2.3', sha256 });
});

test('codeBuild changes with a byte of code, a name and the version, not with types; a folder counts alone', () => {
  const whole = (): string => codeBuild([{ package: 'p' }], from()).sha256;
  const part = (): string => codeBuild([{ package: 'p', folder: 'a' }], from()).sha256;
  const [first, partFirst] = [whole(), part()];
  write('dist/a/c.d.ts', 'other types');
  expect(whole()).toBe(first);
  write('dist/b.js', 'bet4');
  expect(whole()).not.toBe(first);
  expect(part()).toBe(partFirst);
  write('dist/b.js', 'beta');
  expect(whole()).toBe(first);
  write('dist/d.js', '');
  expect(whole()).not.toBe(first);
  write('package.json', '{"name": "p", "version": "1.2.4"}');
  expect(part()).not.toBe(partFirst);
});

test('codeBuild says what to do where a package is missing or not built', () => {
  expect(() => codeBuild([{ package: 'q' }], from())).toThrow(EnvironmentError);
  rmSync(path.join(folder, 'node_modules', 'p', 'dist'), { recursive: true });
  expect(() => codeBuild([{ package: 'p' }], from())).toThrow(
    /package p: cannot read its compiled code .*npm run build/,
  );
});

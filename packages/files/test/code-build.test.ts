import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '@retinabench/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeBuild } from '../src/index.js';

const other = 'node_modules/@retinabench/other';
const files = {
  'package.json': '{"name": "p", "version": "1.2.3"}',
  'dist/worker.js': "import { b } from './b.js';\nawait import('@retinabench/other');\nimport 'sharp';\n",
  'dist/b.js': "export * from './worker.js';\n",
  'dist/stale.js': 'of an older build',
  [`${other}/package.json`]:
    '{"name": "@retinabench/other", "version": "2.0.0", "exports": {".": {"default": "./dist/index.js"}}}',
  [`${other}/dist/index.js`]: 'export const c = 1;\n',
};
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'retinabench-build-')));
  for (const [file, content] of Object.entries(files)) write(file, content);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}
const build = () => codeBuild(pathToFileURL(path.join(folder, 'dist/worker.js')));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('codeBuild is the version and the SHA-256 over package, version, place and hash of each module that can be loaded', () => {
  const lines = [
    `@retinabench/other 2.0.0 dist/index.js ${sha256(files[`${other}/dist/index.js`])}\n`,
    `p 1.2.3 dist/b.js ${sha256(files['dist/b.js'])}\n`,
    `p 1.2.3 dist/worker.js ${sha256(files['dist/worker.js'])}\n`,
  ];
  expect(build()).toEqual({ version: '1.2.3', sha256: sha256(lines.join('')) });
});

test.each([
  ['a byte of code', 'dist/b.js', "export * from './worker.js';\t\n"],
  ['a byte of a package that is loaded later', `${other}/dist/index.js`, 'export const c = 2;\n'],
  ['its version', `${other}/package.json`, files[`${other}/package.json`].replace('2.0.0', '2.0.1')],
])('codeBuild changes with %s', (_, file, content) => {
  const { sha256: first } = build();
  write(file, content);
  expect(build().sha256).not.toBe(first);
  write(file, files[file as keyof typeof files]);
  expect(build().sha256).toBe(first);
});

test('codeBuild does not change with what no module imports', () => {
  const { sha256: first } = build();
  write('dist/stale.js', 'another');
  write('dist/page/bundle.js', 'a bundle');
  write('dist/b.d.ts', 'types');
  expect(build().sha256).toBe(first);
});

test('codeBuild says what to do where the code is not built', () => {
  rmSync(path.join(folder, 'dist'), { recursive: true });
  expect(build).toThrow(EnvironmentError);
  expect(build).toThrow(/worker\.js: expected compiled code, got nothing; .*npm run build/);
});

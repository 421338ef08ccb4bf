import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPage } from '../../src/browsers/serve/served-folders.js';
import { browserStates } from '../../src/registry/browser-states.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'find-page-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a page that was not built, and one of other code, are no pages: each with what to do', () => {
  const absent = findPage(path.join(folder, 'absent'));
  expect(absent).toMatchObject({
    reason: expect.stringContaining('expected the page that browsers load, got nothing'),
    remedy: expect.stringContaining('npm run build'),
  });
  writeFileSync(path.join(folder, 'build.json'), JSON.stringify({ code: '0'.repeat(64), files: {} }));
  expect(findPage(folder)).toMatchObject({ reason: expect.stringContaining('bundled from other code') });
});

test('no browser is said to be usable without the page', () => {
  const page = { reason: 'no page', remedy: 'build it' };
  for (const { missing } of browserStates(page)) expect(missing?.reason).toBeDefined();
  for (const { executable, missing } of browserStates(page))
    if (executable !== undefined) expect(missing).toEqual(page);
});

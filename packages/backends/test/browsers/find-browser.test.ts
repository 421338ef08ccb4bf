import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../src/browsers/launch/find-browser.js';

const before = process.env.RETINABENCH_CHROMIUM;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'find-browser-'));
});
afterEach(() => {
  if (before === undefined) delete process.env.RETINABENCH_CHROMIUM;
  else process.env.RETINABENCH_CHROMIUM = before;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe.skipIf(os.platform() === 'win32')('a browser that the environment names (skipped on Windows)', () => {
  test('is taken, with the version that it states', () => {
    const file = program('good', 'echo "Chromium 156.0.8078.108 built on Debian"; echo noise >&2');
    process.env.RETINABENCH_CHROMIUM = file;
    expect(findBrowser('chromium')).toEqual({ executable: file, version: '156.0.8078.108' });
  });

  test.each([
    ['that is not there', () => path.join(folder, 'absent'), /RETINABENCH_CHROMIUM names no program/],
    ['that does not start', () => program('bad', 'exit 3'), /bad does not start/],
    ['that states no version', () => program('silent', 'echo hello'), /names no version/],
  ])('%s is named with the reason and what to do', (_, file, reason) => {
    process.env.RETINABENCH_CHROMIUM = file();
    const found = findBrowser('chromium');
    expect('reason' in found && found.reason).toMatch(reason);
    expect('remedy' in found && found.remedy).toMatch(/set RETINABENCH_CHROMIUM/);
  });
});

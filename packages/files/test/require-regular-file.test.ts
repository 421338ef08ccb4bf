import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, ModelError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireRegularFile } from '../src/require-regular-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('requireRegularFile', () => {
  it('lets files, links to files and what is missing pass', async () => {
    const file = path.join(folder, 'a.txt');
    writeFileSync(file, '');
    symlinkSync(file, path.join(folder, 'link.txt'));
    await expect(requireRegularFile(file)).resolves.toBeUndefined();
    await expect(requireRegularFile(path.join(folder, 'link.txt'))).resolves.toBeUndefined();
    await expect(requireRegularFile(path.join(folder, 'missing'))).resolves.toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('names a folder, a pipe and a device', async () => {
    const pipe = path.join(folder, 'pipe.onnx');
    execFileSync('mkfifo', [pipe]);
    await expect(requireRegularFile(folder)).rejects.toThrow(DatasetError);
    await expect(requireRegularFile(pipe, ModelError)).rejects.toThrow(
      /pipe\.onnx: expected a regular file, got a pipe/,
    );
    await expect(requireRegularFile('/dev/null')).rejects.toThrow(/got a device/);
  });
});

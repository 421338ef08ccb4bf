import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { afterAll, describe, expect, it } from 'vitest';
import { recordOutput, requireWritable, writeOutput } from '../../src/terminal/output-file.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'output-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('requireWritable(file, kind)', () => {
  it('leaves nothing behind, not even the folders that will be needed', async () => {
    await requireWritable(path.join(folder, 'deep', 'er', 'r.json'), recordOutput);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder, and a place below a file, naming the flag that fixes it', async () => {
    mkdirSync(path.join(folder, 'taken'));
    writeFileSync(path.join(folder, 'file'), 'content');
    await expect(requireWritable(path.join(folder, 'taken'), recordOutput)).rejects.toThrow(DatasetError);
    const below = requireWritable(path.join(folder, 'file', 'r.json'), recordOutput);
    await expect(below).rejects.toThrow(EnvironmentError);
    await expect(below).rejects.toThrow(/r\.json: cannot write the record \(ENOTDIR.*\); choose .* with --out FILE/);
    expect(readFileSync(path.join(folder, 'file'), 'utf8')).toBe('content');
  });

  it.skipIf(process.platform !== 'linux')('says where the system takes no files at all', async () => {
    await expect(requireWritable('/proc/none/r.json', recordOutput)).rejects.toThrow(
      /\/proc\/none\/r\.json: cannot write the record/,
    );
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk asks for room, not for another place', async () => {
    await expect(writeOutput('/dev/full', 'text', recordOutput)).rejects.toThrow(
      /ENOSPC.*; make room and run the same command again/,
    );
  });
});

describe('writeOutput(file, content, kind)', () => {
  it('makes the folders that it needs and replaces what is there', async () => {
    const file = path.join(folder, 'new', 'r.json');
    await writeOutput(file, 'old', recordOutput);
    await writeOutput(file, 'new', recordOutput);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(path.dirname(file))).toEqual(['r.json']);
  });
});

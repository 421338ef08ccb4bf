import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { afterAll, describe, expect, it } from 'vitest';
import { junitOutput } from '../../src/gate/publish.js';
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
    await writeOutput(file, '{"schemaVersion":1,"kind":"wider"}', recordOutput);
    await writeOutput(file, '{"schemaVersion":1,"kind":"loss"}', recordOutput);
    expect(readFileSync(file, 'utf8')).toBe('{"schemaVersion":1,"kind":"loss"}');
    expect(readdirSync(path.dirname(file))).toEqual(['r.json']);
  });

  it.each([
    ['an XML file', '<?xml version="1.0"?>\n<testsuites/>', recordOutput],
    ['a picture', '\u0089PNG\r\n', recordOutput],
    ['a list', '["kind"]', recordOutput],
    ['a record', '{"schemaVersion":1,"kind":"wider"}', junitOutput],
  ])('leaves %s of somebody else where it is, before and after the work', async (_, content, kind) => {
    const file = path.join(folder, 'foreign');
    writeFileSync(file, content);
    for (const write of [() => requireWritable(file, kind), () => writeOutput(file, 'new', kind)]) {
      const writing = write();
      await expect(writing).rejects.toThrow(DatasetError);
      await expect(writing).rejects.toThrow(/foreign: holds something else, which the .* would replace; move it away/);
    }
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('takes an empty file for a place, and a record with a byte-order mark for a record', async () => {
    const file = path.join(folder, 'place.json');
    for (const content of ['', '\n', '\uFEFF{ "createdAt": "" }', '{\n  "schemaVersion": 1 }']) {
      writeFileSync(file, content);
      await writeOutput(file, '{"kind":"wider"}', recordOutput);
      expect(readFileSync(file, 'utf8')).toBe('{"kind":"wider"}');
    }
  });
});

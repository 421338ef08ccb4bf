import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, describe, expect, test } from 'vitest';
import { OwnedFolder } from '../../src/detect/owned-folder.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'owned-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('OwnedFolder', () => {
  test('replaces what it wrote itself, also in an earlier process, and nothing else', async () => {
    const place = path.join(root, 'a');
    mkdirSync(place);
    writeFileSync(path.join(place, 'holiday.jpg'), 'mine');
    const first = new OwnedFolder(place, '--draw DIR');
    await first.write('sub/x.jpg', 'one');
    await expect(first.write('holiday.jpg', 'two')).rejects.toThrow(DatasetError);
    await expect(first.write('holiday.jpg', 'two')).rejects.toThrow(
      /holiday\.jpg: is there already and was not written by this command/,
    );
    first.close();
    const second = new OwnedFolder(place, '--draw DIR');
    await second.write('sub/x.jpg', 'three');
    second.close();
    expect(readFileSync(path.join(place, 'sub/x.jpg'), 'utf8')).toBe('three');
    expect(readFileSync(path.join(place, 'holiday.jpg'), 'utf8')).toBe('mine');
  });

  test('writes through no link below it', async () => {
    const place = path.join(root, 'b');
    mkdirSync(place);
    mkdirSync(path.join(root, 'elsewhere'));
    symlinkSync(path.join(root, 'elsewhere'), path.join(place, 'sub'));
    const folder = new OwnedFolder(place, '--crop DIR');
    await expect(folder.write('sub/x.png', 'one')).rejects.toThrow(
      /expected a file or folder of this run, got a symbolic link/,
    );
    folder.close();
    expect(existsSync(path.join(root, 'elsewhere/x.png'))).toBe(false);
  });

  test('says before any work that its place is a file, and leaves nothing behind where it writes nothing', () => {
    writeFileSync(path.join(root, 'file'), '');
    expect(() => new OwnedFolder(path.join(root, 'file'), '--align DIR')).toThrow(
      /expected a folder to write to, got a file; name another with --align DIR/,
    );
    new OwnedFolder(path.join(root, 'never'), '--align DIR').close();
    expect(existsSync(path.join(root, 'never'))).toBe(false);
  });
});

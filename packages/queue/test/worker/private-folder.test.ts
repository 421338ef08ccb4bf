import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePrivateFolder, removePrivateFolder } from '../../src/worker/private-folder.js';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'retinabench-private-'));
  folder = path.join(parent, 'folder');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('a private folder', () => {
  test("is its user's alone, is made with its parents, and may be there", async () => {
    const below = path.join(folder, 'below');
    await makePrivateFolder(below);
    await makePrivateFolder(below);
    // Nine bits: read, write and enter, of the owner, its group and others.
    expect(statSync(below).mode & 0o777).toBe(0o700);
  });

  test('is not what a link leads to', async () => {
    const elsewhere = path.join(parent, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    writeFileSync(path.join(elsewhere, 'mine'), '');
    symlinkSync(elsewhere, folder);
    await expect(makePrivateFolder(folder)).rejects.toThrow('its place is taken by a link');
    await removePrivateFolder(folder);
    expect(readdirSync(parent).sort()).toEqual(['elsewhere', 'folder']);
    expect(readdirSync(elsewhere)).toEqual(['mine']);
  });

  test('is not one that others may look into', async () => {
    mkdirSync(folder);
    chmodSync(folder, 0o750);
    await expect(makePrivateFolder(folder)).rejects.toThrow('others may look into');
  });

  test.skipIf(process.getuid?.() !== 0)("is not another user's, which stays", async () => {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65_534, 65_534);
    await expect(makePrivateFolder(folder)).rejects.toThrow('another user');
    await removePrivateFolder(folder);
    expect(readdirSync(parent)).toEqual(['folder']);
  });

  test('that is missing needs no removal', async () => {
    await expect(removePrivateFolder(folder)).resolves.toBeUndefined();
  });
});

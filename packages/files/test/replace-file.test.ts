import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { probeFolder, replaceFile, replaceFiles } from '../src/replace-file.js';

const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'replace-'));
const module = new URL('../dist/replace-file.js', import.meta.url).href;

/** Leave a draft as a process does that is killed while it writes. */
function leaveDraft(folder: string): void {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.renameSync = () => process.kill(process.pid, 'SIGKILL');
    syncBuiltinESMExports();
    const { replaceFile } = await import(${JSON.stringify(module)});
    replaceFile(process.argv[1], 'new');`;
  spawnSync(process.execPath, ['--input-type=module', '-e', script, path.join(folder, 'page.html')]);
}

describe('replaceFile', () => {
  test('makes the file that links lead to where there is none yet, and keeps the links', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'store/deep'), { recursive: true });
    // By a linked folder, whose ".." is the folder that it leads to: store/record.json.
    symlinkSync('store/deep', path.join(folder, 'linked'));
    symlinkSync('linked/../record.json', path.join(folder, 'first.json'));
    symlinkSync(path.join(folder, 'first.json'), path.join(folder, 'second.json'));
    replaceFile(path.join(folder, 'second.json'), 'new');
    expect(readFileSync(path.join(folder, 'store/record.json'), 'utf8')).toBe('new');
    expect(lstatSync(path.join(folder, 'second.json')).isSymbolicLink()).toBe(true);
    expect(lstatSync(path.join(folder, 'first.json')).isSymbolicLink()).toBe(true);
    symlinkSync('absent/record.json', path.join(folder, 'nowhere.json'));
    expect(() => replaceFile(path.join(folder, 'nowhere.json'), 'new')).toThrow(/ENOENT/);
    expect(lstatSync(path.join(folder, 'nowhere.json')).isSymbolicLink()).toBe(true);
  });

  test('keeps the permissions of the file that it replaces, and what a link leads to stays one file', () => {
    const folder = newFolder();
    const file = path.join(folder, 'page.html');
    writeFileSync(file, 'old', { mode: 0o640 });
    symlinkSync('page.html', path.join(folder, 'link'));
    replaceFile(path.join(folder, 'link'), 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['link', 'page.html']);
  });

  test('leaves the old file and no draft if it cannot put the new one in its place', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'taken'));
    expect(() => replaceFile(path.join(folder, 'taken'), 'new')).toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  test('killed before the end it leaves the old file, and the next write takes its draft away', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'page.html'), 'old');
    leaveDraft(folder);
    expect(readFileSync(path.join(folder, 'page.html'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toHaveLength(2);
    replaceFile(path.join(folder, 'page.html'), 'newer');
    expect(readdirSync(folder)).toEqual(['page.html']);
  });

  test('leaves the drafts of processes that live, and of other machines, alone', () => {
    const folder = newFolder();
    leaveDraft(folder);
    const [draft] = readdirSync(folder);
    const living = draft.replace(/-\d+-\d*-\d+\.tmp$/, `-${process.ppid}--1.tmp`);
    const elsewhere = draft.replace(/-[0-9a-f]{8}-/, '-00000000-');
    for (const name of [living, elsewhere]) writeFileSync(path.join(folder, name), '');
    replaceFiles(folder, [['a.txt', 'a']]);
    expect(readdirSync(folder).sort()).toEqual([elsewhere, living, 'a.txt'].sort());
  });

  test('writes into a device instead of replacing it', () => {
    replaceFile('/dev/null', 'x');
    expect(statSync('/dev/null').isFile()).toBe(false);
  });
});

describe('probeFolder', () => {
  test('leaves nothing behind, and throws where nothing can be written', () => {
    const folder = newFolder();
    probeFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => probeFolder(path.join(folder, 'file'))).toThrow(/ENOTDIR/);
  });
});

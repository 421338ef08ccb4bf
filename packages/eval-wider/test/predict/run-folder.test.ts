import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ForgottenImage, type LoggedImage, logFileOf, type RunIdentity } from '@retinabench/backends/runs';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { runId } from '@retinabench/files';
import { describe, expect, test } from 'vitest';
import { mergeRuns, openRunFolder, WrittenFolders, writeSubmission } from '../../src/index.js';

const identity: RunIdentity = {
  code: { version: '1.0.0', sha256: 'd' },
  model: { id: 'm', sha256: 'a', cardSha256: 'c' },
  backend: { id: 'ort-node', version: '1' },
  runtimes: { libvips: '8' },
  settings: { scoreFloor: 0.02 },
  dataset: { name: 'mini', namesSha256: 'b' },
};
const imageOf = (image: string, score = 0.5, bytes = '0'): LoggedImage => ({
  image,
  widthPx: 10,
  heightPx: 10,
  detections: [1, 2, 3, 4, score],
  sha256: bytes.repeat(64),
  detectedAt: '2020-11-29T12:00:00.000Z',
});
const newFolder = (): string => path.join(mkdtempSync(path.join(os.tmpdir(), 'run-')), 'run');

/** Append images to a run folder. */
function fill(folder: string, images: readonly (LoggedImage | ForgottenImage)[], of = identity): void {
  const run = openRunFolder(folder, of, false);
  for (const image of images) run.log.append(image);
  run.close();
}

describe('openRunFolder', () => {
  test('gives back finished images, without a torn last line', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1'), imageOf('e/2')]);
    const size = readFileSync(logFileOf(folder)).length;
    truncateSync(logFileOf(folder), size - 3);
    const run = openRunFolder(folder, identity, false);
    expect([...run.finished.keys()]).toEqual(['e/1']);
    run.close();
  });

  test('refuses to mix runs, naming what differs', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    const other = { ...identity, settings: { scoreFloor: 0.5 } };
    expect(() => openRunFolder(folder, other, false)).toThrow(DatasetError);
    expect(() => openRunFolder(folder, other, false)).toThrow(/settings {"scoreFloor":0.02} there, {"scoreFloor":0.5}/);
    expect(runId(other)).not.toBe(runId(identity));
  });

  test.each([
    ['a score was edited', (log: string) => log.replace('0.5]', '0.9]')],
    ['a detection was removed', (log: string) => log.replace('[1,2,3,4,0.5]', '[]')],
    ['a seal was removed', (log: string) => log.replace(/,"seal":"[0-9a-f]+"/, '')],
  ])('refuses to go on with a log of which %s, and discards it with fresh', async (_, edit) => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1'), imageOf('e/2', 0.4)]);
    await writeSubmission(folder, [imageOf('e/1')]);
    const written = readFileSync(logFileOf(folder), 'utf8');
    expect(edit(written)).not.toBe(written);
    writeFileSync(logFileOf(folder), edit(written));
    expect(() => openRunFolder(folder, identity, false)).toThrow(
      /detections\.jsonl:1: expected a line of this run .*run again with --fresh/,
    );
    expect(() => mergeRuns([folder])).toThrow(/detections\.jsonl:1: expected a line of this run/);
    openRunFolder(folder, identity, true).close();
    expect(readdirSync(folder)).toEqual(['.retinabench']);
  });

  test('refuses the log of another run, and its own under an identity that was edited', () => {
    const [folder, elsewhere] = [newFolder(), newFolder()];
    const other = { ...identity, settings: { scoreFloor: 0.5 } };
    fill(folder, [imageOf('e/1')]);
    fill(elsewhere, [], other);
    writeFileSync(logFileOf(elsewhere), readFileSync(logFileOf(folder)));
    expect(() => openRunFolder(elsewhere, other, false)).toThrow(/brought from another run/);
    writeFileSync(path.join(folder, '.retinabench', 'run.json'), JSON.stringify(other));
    expect(() => openRunFolder(folder, other, false)).toThrow(/brought from another run/);
    expect(() => mergeRuns([folder])).toThrow(/brought from another run/);
  });

  // The log goes last, so that no prediction file is ever left that no log names.
  test('a discard that breaks off leaves log and identity together', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    // A folder where a prediction file should be ends the discard halfway.
    mkdirSync(path.join(folder, 'e', '1.txt'), { recursive: true });
    expect(() => openRunFolder(folder, identity, true)).toThrow(EnvironmentError);
    const other = { ...identity, settings: { scoreFloor: 0.5 } };
    expect(() => openRunFolder(folder, other, false)).toThrow(DatasetError);
    const run = openRunFolder(folder, identity, false);
    expect([...run.finished.keys()]).toEqual(['e/1']);
    run.close();
  });

  test('refuses a folder that another process or run holds', () => {
    const folder = newFolder();
    const run = openRunFolder(folder, identity, false);
    expect(() => openRunFolder(folder, identity, false)).toThrow(EnvironmentError);
    run.close();
    fill(folder, []);
  });

  test('refuses a folder with files of somebody else, and leaves them', () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'thesis.txt'), 'precious');
    expect(() => openRunFolder(folder, identity, true)).toThrow(/holds files that no run of RetinaBench left/);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  test('says what is missing where a log has lost its settings', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    rmSync(path.join(folder, '.retinabench/run.json'));
    for (const fresh of [false, true]) {
      expect(() => openRunFolder(folder, identity, fresh)).toThrow(/run\.json: expected .* delete .*\.retinabench/);
    }
    rmSync(path.join(folder, '.retinabench'), { recursive: true });
    fill(folder, [imageOf('e/1')]);
  });

  test('discards with fresh only what a run left', async () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    await writeSubmission(folder, [imageOf('e/1')]);
    writeFileSync(path.join(folder, 'e', 'notes.md'), 'mine');
    const other = { ...identity, model: { ...identity.model, cardSha256: 'e' } };
    const run = openRunFolder(folder, other, true);
    expect(run.finished.size).toBe(0);
    run.close();
    expect(readdirSync(path.join(folder, 'e'))).toEqual(['notes.md']);
    fill(folder, [], other);
  });

  test('discards with fresh only what its own log names: text files and folders of others stay', async () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1'), imageOf('f/1'), { image: 'f/1', forgotten: true }]);
    await writeSubmission(folder, [imageOf('e/1'), imageOf('f/1')]);
    for (const file of ['e/2.txt', 'docs/requirements.txt']) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), 'mine');
    }
    openRunFolder(folder, identity, true).close();
    expect(readdirSync(folder).sort()).toEqual(['.retinabench', 'docs', 'e']);
    expect(readdirSync(path.join(folder, 'e'))).toEqual(['2.txt']);
    expect(readdirSync(path.join(folder, 'docs'))).toEqual(['requirements.txt']);
  });

  test('discards with fresh a run whose log is damaged, as the message about it advises', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    writeFileSync(logFileOf(folder), 'damaged\n{}\n');
    expect(() => openRunFolder(folder, identity, false)).toThrow(/run again with --fresh/);
    openRunFolder(folder, identity, true).close();
    fill(folder, [imageOf('e/1')]);
  });

  test('follows no link: neither its own folder, nor its log, nor the folder of an event', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    mkdirSync(path.join(elsewhere, 'e'), { recursive: true });
    writeFileSync(path.join(elsewhere, 'e', '1.txt'), 'precious');
    fill(folder, [imageOf('e/1')]);
    symlinkSync(path.join(elsewhere, 'e'), path.join(folder, 'e'));
    await expect(writeSubmission(folder, [imageOf('e/1')])).rejects.toThrow(/e: expected .*got a symbolic link/);
    openRunFolder(folder, identity, true).close();
    expect(readFileSync(path.join(elsewhere, 'e', '1.txt'), 'utf8')).toBe('precious');
    rmSync(logFileOf(folder));
    symlinkSync(path.join(elsewhere, 'e', '1.txt'), logFileOf(folder));
    expect(() => openRunFolder(folder, identity, false)).toThrow(/detections\.jsonl: expected .*got a symbolic link/);
    expect(readFileSync(path.join(elsewhere, 'e', '1.txt'), 'utf8')).toBe('precious');
    const linked = newFolder();
    mkdirSync(linked);
    symlinkSync(elsewhere, path.join(linked, '.retinabench'));
    expect(() => openRunFolder(linked, identity, true)).toThrow(/\.retinabench: expected .*got a symbolic link/);
  });

  test('an image that is detected again counts once, and one that is forgotten not at all', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1', 0.5), imageOf('e/1', 0.7, '1'), imageOf('e/2'), { image: 'e/2', forgotten: true }]);
    const run = openRunFolder(folder, identity, false);
    expect([...run.finished.values()]).toEqual([imageOf('e/1', 0.7, '1')]);
    expect([...run.named()]).toEqual(['e/1', 'e/2']);
    run.close();
    expect(JSON.parse(JSON.stringify(mergeRuns([folder]).detected))).toEqual([imageOf('e/1', 0.7, '1')]);
  });

  test.each([
    ['build of the code', { code: { version: '1.0.0', sha256: 'x' } }],
    ['model', { model: { ...identity.model, sha256: 'x' } }],
    ['word in the card', { model: { ...identity.model, cardSha256: 'x' } }],
    ['version of a runtime', { runtimes: { libvips: '9' } }],
    ['list of images', { dataset: { name: 'mini', namesSha256: 'x' } }],
  ])('a run with another %s is another run', (_, change) => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    expect(runId({ ...identity, ...change })).not.toBe(runId(identity));
    expect(() => openRunFolder(folder, { ...identity, ...change }, false)).toThrow(/holds detections of another run/);
  });

  test('says so if it cannot write', () => {
    const folder = newFolder();
    writeFileSync(folder, 'a file, no folder');
    expect(() => openRunFolder(path.join(folder, 'run'), identity, false)).toThrow(EnvironmentError);
  });
});

describe('writeSubmission with WrittenFolders', () => {
  const files = (folder: string): string[] =>
    ['e/1.txt', 'e/2.txt', 'f/1.txt'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const inodes = (folder: string): number[] =>
    ['e/1.txt', 'f/1.txt'].map((name) => statSync(path.join(folder, name)).ino);

  test('writes again only files that are missing, or hold other detections than the run', async () => {
    const folder = newFolder();
    const images = [imageOf('e/1'), imageOf('e/2'), imageOf('f/1')];
    fill(folder, images);
    const write = async (given = images): Promise<readonly string[]> =>
      (await writeSubmission(folder, given, new WrittenFolders(folder))).map(({ image }) => image);
    expect(await write()).toEqual([]);
    const [content, known] = [files(folder), inodes(folder)];
    expect(await write()).toEqual([]);
    expect(inodes(folder)).toEqual(known);
    // A file that is removed comes back, at once: no two changes look alike by the clock.
    rmSync(path.join(folder, 'e/2.txt'));
    expect(await write()).toEqual([]);
    expect(files(folder)).toEqual(content);
    expect(inodes(folder)).toEqual(known);
    // So does one that another program replaced, which is said.
    writeFileSync(path.join(folder, 'f/new'), 'x');
    renameSync(path.join(folder, 'f/new'), path.join(folder, 'f/1.txt'));
    expect(await write()).toEqual(['f/1']);
    expect(files(folder)).toEqual(content);
    // Other detections of an image, at another time.
    const later = { ...imageOf('f/1', 0.75), detectedAt: '2020-11-29T12:00:01.000Z' };
    await write([images[0], images[1], later]);
    expect(files(folder)[2]).toContain('1 2 3 4 0.75');
  });

  test('notices a file that was changed in place, its size and its times of content kept', async () => {
    const folder = newFolder();
    const images = [imageOf('e/1'), imageOf('e/2')];
    fill(folder, images);
    const file = path.join(folder, 'e/2.txt');
    await writeSubmission(folder, images, new WrittenFolders(folder));
    const [content, { atime, mtime, size }] = [readFileSync(file, 'utf8'), statSync(file)];
    writeFileSync(file, content.replace('0.5', '0.6'));
    utimesSync(file, atime, mtime);
    expect(statSync(file).size).toBe(size);
    const changed = await writeSubmission(folder, images, new WrittenFolders(folder));
    expect(changed.map(({ image }) => image)).toEqual(['e/2']);
    expect(readFileSync(file, 'utf8')).toBe(content);
    // A touch alone changes nothing, and is no change.
    utimesSync(file, atime, mtime);
    expect(await writeSubmission(folder, images, new WrittenFolders(folder))).toEqual([]);
  });

  test('a file that is older than the detections it would hold was changed by nobody', async () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    await writeSubmission(folder, [imageOf('e/1')], new WrittenFolders(folder));
    const again = { ...imageOf('e/1', 0.75), detectedAt: new Date(Date.now() + 3600_000).toISOString() };
    expect(await writeSubmission(folder, [again], new WrittenFolders(folder))).toEqual([]);
    expect(readFileSync(path.join(folder, 'e/1.txt'), 'utf8')).toBe('1\n1\n1 2 3 4 0.75\n');
  });

  test('takes a damaged note of what was written as none', async () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    writeFileSync(path.join(folder, '.retinabench', 'written.json'), '{"e":');
    await writeSubmission(folder, [imageOf('e/1')], new WrittenFolders(folder));
    expect(readFileSync(path.join(folder, 'e/1.txt'), 'utf8')).toBe('1\n1\n1 2 3 4 0.5\n');
  });
});

describe('mergeRuns', () => {
  test('unites shards in the order of names, whatever the order of folders', () => {
    const [first, second] = [newFolder(), newFolder()];
    fill(first, [imageOf('e/3'), imageOf('e/1')]);
    fill(second, [imageOf('e/2'), imageOf('e/1')]);
    for (const folders of [
      [first, second],
      [second, first],
    ]) {
      expect(mergeRuns(folders).detected.map(({ image }) => image)).toEqual(['e/1', 'e/2', 'e/3']);
    }
  });

  test('refuses shards of different runs, an image with two results, and folders of no run', () => {
    const [first, second, third, fourth] = [newFolder(), newFolder(), newFolder(), newFolder()];
    fill(first, [imageOf('e/1')]);
    fill(second, [imageOf('e/1', 0.6)]);
    fill(fourth, [imageOf('e/1', 0.5, '1')]);
    fill(third, [], { ...identity, backend: { id: 'ort-wasm', version: '1' } });
    expect(() => mergeRuns([first, second])).toThrow(/e\/1: other detections than in/);
    expect(() => mergeRuns([first, fourth])).toThrow(/e\/1: detections of another image of that name than in/);
    expect(() => mergeRuns([first, third])).toThrow(/expected a shard of the run/);
    expect(() => mergeRuns([first, os.tmpdir()])).toThrow(DatasetError);
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import {
  type DetectedImage,
  logFileOf,
  mergeRuns,
  openRunFolder,
  type RunIdentity,
  runId,
  writeSubmission,
} from '../../src/index.js';

const identity: RunIdentity = {
  model: { id: 'm', sha256: 'a' },
  backend: { id: 'ort-node', version: '1' },
  settings: { scoreFloor: 0.02 },
  dataset: { name: 'mini', sha256: 'b' },
};
const imageOf = (image: string, score = 0.5): DetectedImage => ({
  image,
  widthPx: 10,
  heightPx: 10,
  detections: [1, 2, 3, 4, score],
});
const newFolder = (): string => path.join(mkdtempSync(path.join(os.tmpdir(), 'run-')), 'run');

/** Append images to a run folder. */
function fill(folder: string, images: readonly DetectedImage[], of = identity): void {
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

  test('a discard that breaks off leaves no detections without the identity that they belong to', () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    // A folder where a prediction file should be ends the discard halfway.
    mkdirSync(path.join(folder, 'e', '1.txt'), { recursive: true });
    expect(() => openRunFolder(folder, identity, true)).toThrow(EnvironmentError);
    const other = { ...identity, settings: { scoreFloor: 0.5 } };
    expect(() => openRunFolder(folder, other, false)).toThrow(DatasetError);
    const run = openRunFolder(folder, identity, false);
    expect(run.finished.size).toBe(0);
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

  test('discards with fresh only what a run left', async () => {
    const folder = newFolder();
    fill(folder, [imageOf('e/1')]);
    await writeSubmission(folder, [imageOf('e/1')]);
    writeFileSync(path.join(folder, 'e', 'notes.md'), 'mine');
    const run = openRunFolder(folder, { ...identity, model: { id: 'n', sha256: 'c' } }, true);
    expect(run.finished.size).toBe(0);
    run.close();
    expect(readdirSync(path.join(folder, 'e'))).toEqual(['notes.md']);
  });

  test('says so if it cannot write', () => {
    const folder = newFolder();
    writeFileSync(folder, 'a file, no folder');
    expect(() => openRunFolder(path.join(folder, 'run'), identity, false)).toThrow(EnvironmentError);
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
    const [first, second, third] = [newFolder(), newFolder(), newFolder()];
    fill(first, [imageOf('e/1')]);
    fill(second, [imageOf('e/1', 0.6)]);
    fill(third, [], { ...identity, backend: { id: 'ort-wasm', version: '1' } });
    expect(() => mergeRuns([first, second])).toThrow(/e\/1: other detections than in/);
    expect(() => mergeRuns([first, third])).toThrow(/expected a shard of the run/);
    expect(() => mergeRuns([first, os.tmpdir()])).toThrow(DatasetError);
  });
});

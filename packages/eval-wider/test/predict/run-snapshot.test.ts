import { copyFileSync, existsSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type LoggedImage, logFileOf, type RunIdentity } from '@retinabench/backends/runs';
import { beforeAll, describe, expect, test } from 'vitest';
import { mergeRuns, openRunFolder } from '../../src/index.js';

const identity: RunIdentity = {
  code: { version: '1.0.0', sha256: 'd' },
  model: { id: 'm', sha256: 'a', cardSha256: 'c' },
  backend: { id: 'ort-node', version: '1' },
  runtimes: { libvips: '8' },
  settings: { scoreFloor: 0.02 },
  dataset: { name: 'mini', namesSha256: 'b' },
};
const imageOf = (index: number): LoggedImage => ({
  image: `e/${index}`,
  widthPx: 10,
  heightPx: 10,
  detections: [1, 2, 3, 4, 0.5, index, 6, 7, 8, 0.25],
  sha256: index.toString(16).padStart(64, '0'),
  detectedAt: '2026-11-29T12:00:00.000Z',
  detectMs: index / 8,
});
/** A log of more than 1 MiB, of which a snapshot is made. */
const images = Array.from({ length: 8000 }, (_, index) => imageOf(index));
const stateOf = (folder: string, name: string): string => path.join(folder, '.retinabench', name);
const newFolder = (): string => path.join(mkdtempSync(path.join(os.tmpdir(), 'run-')), 'run');

/** A finished run; what it held goes into its log alone. */
function finishedRun(of = identity): string {
  const folder = newFolder();
  const run = openRunFolder(folder, of, false);
  for (const image of images) {
    run.log.append(image);
    run.finished.set(image.image, image);
    run.digests.keep(image.image, { sha256: image.sha256, stamp: '5 1700000000123456789 1700000000123456789 7' });
  }
  run.close();
  return folder;
}

/** What a run folder holds. */
function heldBy(folder: string, of = identity): LoggedImage[] {
  const run = openRunFolder(folder, of, false);
  const held = [...run.finished.values()];
  run.close();
  return held;
}

let folder: string;
beforeAll(() => {
  folder = finishedRun();
});

/** A copy of the finished run, so that one may be changed. */
function copied(): string {
  const copy = newFolder();
  openRunFolder(copy, identity, false).close();
  for (const name of ['detections.jsonl', 'images.jsonl', 'detections.snapshot', 'images.snapshot']) {
    copyFileSync(stateOf(folder, name), stateOf(copy, name));
  }
  return copy;
}

describe('a run folder with a snapshot of its log', () => {
  test('holds what the log says, of images and of their hashes', () => {
    expect(existsSync(stateOf(folder, 'detections.snapshot'))).toBe(true);
    expect(existsSync(stateOf(folder, 'images.snapshot'))).toBe(true);
    expect(heldBy(copied())).toEqual(images);
    const run = openRunFolder(copied(), identity, false);
    const stamp = '5 1700000000123456789 1700000000123456789 7';
    expect(run.digests.trusted('e/5', stamp)).toBe(images[5].sha256);
    expect(run.digests.trusted('e/5', stamp.replace('9 7', '8 7'))).toBeUndefined();
    expect(run.named().size).toBe(8000);
    run.close();
  });

  test('is made of what a log of an older version says', () => {
    const copy = copied();
    writeFileSync(stateOf(copy, 'detections.snapshot'), 'none');
    writeFileSync(stateOf(copy, 'images.snapshot'), 'none');
    expect(heldBy(copy)).toEqual(images);
    const written = [stateOf(copy, 'detections.snapshot'), stateOf(folder, 'detections.snapshot')];
    expect(readFileSync(written[0]).equals(readFileSync(written[1]))).toBe(true);
  });

  test('takes later lines from the log: images that were detected again or forgotten', () => {
    const copy = copied();
    const run = openRunFolder(copy, identity, false);
    const again = { ...imageOf(3), detections: [] };
    run.log.append(again);
    run.log.append({ image: 'e/4', forgotten: true });
    run.close();
    const held = heldBy(copy);
    expect(held.length).toBe(7999);
    expect(held[3]).toEqual(again);
    expect(held.some(({ image }) => image === 'e/4')).toBe(false);
    const { detected } = mergeRuns([copy]);
    const byName = (a: LoggedImage, b: LoggedImage): number => (a.image < b.image ? -1 : 1);
    expect(JSON.parse(JSON.stringify(detected))).toEqual(held.sort(byName));
  });

  test.each([
    ['a score was edited', (log: string) => log.replace('0.5,7999', '0.9,7999')],
    ['a detection was removed', (log: string) => log.replace('[1,2,3,4,0.5,7999,6,7,8,0.25]', '[]')],
    ['a seal was removed', (log: string) => log.replace(/,"seal":"[0-9a-f]+"\}\n$/, '}\n')],
  ])('refuses to go on with a log of which %s', (_, edit) => {
    const copy = copied();
    const written = readFileSync(logFileOf(copy), 'utf8');
    expect(edit(written)).not.toBe(written);
    writeFileSync(logFileOf(copy), edit(written));
    expect(() => heldBy(copy)).toThrow(/detections\.jsonl:8000: expected a line of this run .*run again with --fresh/);
    openRunFolder(copy, identity, true).close();
    expect(existsSync(stateOf(copy, 'detections.snapshot'))).toBe(false);
    expect(existsSync(stateOf(copy, 'images.snapshot'))).toBe(false);
    expect(heldBy(copy)).toEqual([]);
  });

  test('a log that was cut has the images of its whole lines', () => {
    const copy = copied();
    truncateSync(logFileOf(copy), readFileSync(logFileOf(copy)).length - 3);
    expect(heldBy(copy)).toEqual(images.slice(0, -1));
  });

  test('refuses the log of another run that came with its snapshot', () => {
    const other = { ...identity, settings: { scoreFloor: 0.5 } };
    const elsewhere = newFolder();
    openRunFolder(elsewhere, other, false).close();
    for (const name of ['detections.jsonl', 'detections.snapshot']) {
      copyFileSync(stateOf(folder, name), stateOf(elsewhere, name));
    }
    expect(() => heldBy(elsewhere, other)).toThrow(/detections\.jsonl:1: .*brought from another run/);
  });

  test('a snapshot that was edited counts as none', () => {
    const copy = copied();
    const bytes = readFileSync(stateOf(copy, 'detections.snapshot'));
    // The first score: 0.5 of the first image's detections.
    const score = Buffer.alloc(8);
    score.writeDoubleLE(0.5);
    const at = bytes.indexOf(score);
    expect(at).toBeGreaterThan(0);
    bytes.writeDoubleLE(0.9, at);
    writeFileSync(stateOf(copy, 'detections.snapshot'), bytes);
    expect(heldBy(copy)).toEqual(images);
  });
});

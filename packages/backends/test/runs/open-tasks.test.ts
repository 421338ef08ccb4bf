import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DigestIndex, readStampSync } from '@retinabench/files';
import { expect, test } from 'vitest';
import { FinishedImages } from '../../src/runs/finished-images.js';
import { openTasks } from '../../src/runs/open-tasks.js';

const sha256 = 'ab'.repeat(32);
const names = ['a', 'b', 'c'];

/** Three finished images whose hashes lie in a snapshot beside the index. */
function finished(): { folder: string; openNames(): Promise<string[]> } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'open-tasks-'));
  const [index, snapshot] = [path.join(folder, 'images.jsonl'), path.join(folder, 'images.snapshot')];
  const fileOf = (name: string): string => path.join(folder, `${name}.jpg`);
  const digests = DigestIndex.open(index, snapshot);
  // More than 1 MiB, of which a snapshot is made.
  const stamp = '5 1700000000123456789 1700000000123456789 7';
  for (let other = 0; other < 8000; other++) digests.keep(`other/${other}`, { sha256, stamp });
  const images = new FinishedImages();
  for (const name of names) {
    writeFileSync(fileOf(name), `image ${name}`);
    digests.keep(name, { sha256, stamp: readStampSync(fileOf(name)) ?? '' });
    images.set(name, {
      image: name,
      widthPx: 1,
      heightPx: 1,
      detections: [],
      sha256,
      detectedAt: '2026-11-29T12:00:00Z',
    });
  }
  digests.close();
  expect(statSync(snapshot).size).toBeGreaterThan(0);
  return {
    folder,
    openNames: async () => {
      const again = DigestIndex.open(index, snapshot);
      const run = { log: { append: () => undefined }, digests: again, finished: images, close: () => again.close() };
      const open = await openTasks(
        [...names, 'new'].map((name) => ({ image: name, file: fileOf(name) })),
        run,
      );
      run.close();
      return open.map(({ image, knownSha256 }) => `${image} ${knownSha256 === undefined ? 'new' : 'known'}`);
    },
  };
}

test('images whose files are as they were are not read again', async () => {
  expect(await finished().openNames()).toEqual(['new new']);
});

test('an image that was replaced, written to in place, touched or removed is read again', async () => {
  const { folder, openNames } = finished();
  const [a, b] = ['a.jpg', 'b.jpg'].map((name) => path.join(folder, name));
  // Size and times of content are kept, as cp -p keeps them.
  const { atime, mtime } = statSync(a);
  writeFileSync(path.join(folder, 'other'), 'photo a');
  utimesSync(path.join(folder, 'other'), atime, mtime);
  renameSync(path.join(folder, 'other'), a);
  expect(await openNames()).toEqual(['a known', 'new new']);
  writeFileSync(b, 'photo b');
  rmSync(path.join(folder, 'c.jpg'));
  expect(await openNames()).toEqual(['a known', 'b known', 'c known', 'new new']);
});

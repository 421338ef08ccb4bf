import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatasetError } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DigestIndex, readStamp, readStampedFile } from '../src/index.js';
import { stampOf } from '../src/stamped-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-stamp-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

// printf abc | sha256sum
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const old = new Date('2020-01-01T00:00:00Z');

describe('readStampedFile', () => {
  test('gives the bytes and their SHA-256, and no stamp of a file that was changed just before', async () => {
    const file = path.join(folder, 'a');
    writeFileSync(file, 'abc');
    // Its inode was made now, whatever the time that its content claims.
    utimesSync(file, old, old);
    const { bytes, ...reading } = await readStampedFile(file);
    expect(Buffer.from(bytes).toString()).toBe('abc');
    expect(reading).toEqual({ sha256: abc });
  });

  test('gives the stamp of a file that has rested', async () => {
    // This file of the repository was written long before the test runs.
    const file = path.join(import.meta.dirname, '..', 'package.json');
    const { sha256, stamp } = await readStampedFile(file);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(stamp).toBe(await readStamp(file));
  });

  test('the stamp changes with content of the same size and time, since the time of the inode does', async () => {
    const file = path.join(folder, 'a');
    writeFileSync(file, 'abc');
    utimesSync(file, old, old);
    const before = await readStamp(file);
    await sleep(20);
    // As cp -p does it.
    writeFileSync(path.join(folder, 'b'), 'xyz');
    copyFileSync(path.join(folder, 'b'), file);
    utimesSync(file, old, old);
    const after = await readStamp(file);
    expect(readFileSync(file, 'utf8')).toBe('xyz');
    expect(after?.split(' ').slice(0, 2)).toEqual(before?.split(' ').slice(0, 2));
    expect(after).not.toBe(before);
  });

  test('there is no stamp of what is not there', async () => {
    expect(await readStamp(path.join(folder, 'none'))).toBeUndefined();
    await expect(readStampedFile(path.join(folder, 'none'))).rejects.toThrow(/ENOENT/);
  });

  test('a stamp is size, both times in nanoseconds and inode', () => {
    const stats = { size: 3n, mtimeNs: 5_000_000_001n, ctimeNs: 7n, ino: 11n };
    expect(stampOf(stats as Parameters<typeof stampOf>[0])).toBe('3 5000000001 7 11');
    // 2^63 + 1, which no float64 is.
    const far = { ...stats, ino: 9_223_372_036_854_775_809n };
    expect(stampOf(far as Parameters<typeof stampOf>[0])).toBe('3 5000000001 7 9223372036854775809');
  });
});

describe('DigestIndex', () => {
  const place = (): string => path.join(folder, 'images.jsonl');
  const [stamp, later] = ['3 1 2 4', '3 1 5 4'];

  test('trusts a hash while the stamp is that under which it was kept, over several runs', () => {
    const index = DigestIndex.open(place());
    index.keep('e/1', { sha256: abc, stamp });
    index.keep('e/2', { sha256: abc });
    index.close();
    const again = DigestIndex.open(place());
    expect(again.trusted('e/1', stamp)).toBe(abc);
    expect(again.trusted('e/1', later)).toBeUndefined();
    // Without a stamp there is nothing to trust, not even another lack of one.
    expect(again.trusted('e/1', undefined)).toBeUndefined();
    expect(again.trusted('e/2', undefined)).toBeUndefined();
    again.keep('e/1', { sha256: abc, stamp: later });
    expect(again.trusted('e/1', later)).toBe(abc);
    again.close();
  });

  test('does not grow with what it knows, nor for ever with what it does not', () => {
    const lines = (): number => readFileSync(place(), 'utf8').trim().split('\n').length;
    for (let run = 0; run < 6; run++) {
      const index = DigestIndex.open(place());
      index.keep('e/1', { sha256: abc, stamp: `3 1 ${run} 4` });
      index.keep('e/1', { sha256: abc, stamp: `3 1 ${run} 4` });
      index.close();
      expect(lines()).toBeLessThanOrEqual(3);
    }
    const index = DigestIndex.open(place());
    expect(index.trusted('e/1', '3 1 5 4')).toBe(abc);
    index.close();
  });

  test('names a line that is none of an index', () => {
    writeFileSync(place(), '{"name":"e/1"}\n');
    expect(() => DigestIndex.open(place())).toThrow(DatasetError);
    expect(() => DigestIndex.open(place())).toThrow(/images\.jsonl:1: not the hash of a file: sha256/);
  });
});

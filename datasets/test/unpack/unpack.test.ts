import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryPath } from '../../src/unpack/entry-path.js';
import { type ArchiveFormat, unpackArchive } from '../../src/unpack/unpack.js';
import { type MadeEntry, makeTarGz, makeZip } from './archives.js';

/** Each run unpacks an archive on the disk; 10,000 take a few minutes. */
const fuzzRuns = Number(process.env.RETINABENCH_FUZZ_RUNS ?? 300);

let work: string;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-unpack-'));
});

afterEach(() => rm(work, { recursive: true }));

const limits = { bytes: 100_000, entries: 20 };
const rules = [
  { from: 'WIDER_val/', to: 'images/' },
  { from: 'tools/ground_truth/', to: 'ground_truth/' },
];

async function unpack(format: ArchiveFormat, bytes: Buffer, using = { rules, limits }): Promise<string[]> {
  const archive = path.join(work, `archive.${format}`);
  await writeFile(archive, bytes);
  const root = path.join(work, 'root');
  await unpackArchive(archive, format, root, using);
  return (await readdir(root, { recursive: true })).sort();
}

const formats = [
  { format: 'zip', make: makeZip },
  { format: 'tar.gz', make: makeTarGz },
] as const satisfies readonly { format: ArchiveFormat; make: (entries: readonly MadeEntry[]) => Buffer }[];

describe.each(formats)('unpackArchive of $format', ({ format, make }) => {
  it('puts entries where the rules say and passes over the rest', async () => {
    const content = Buffer.from('0123456789'.repeat(500));
    const names = await unpack(
      format,
      make([
        { name: 'WIDER_val/', type: '5', mode: 0o040755 },
        { name: 'WIDER_val/0--Parade/a.jpg', content },
        { name: 'tools/ground_truth/hard.mat', content: Buffer.from('hard') },
        { name: 'tools/eval.m', content },
        { name: '__MACOSX/a', content },
      ]),
    );
    expect(names).toEqual([
      'ground_truth',
      'ground_truth/hard.mat',
      'images',
      'images/0--Parade',
      'images/0--Parade/a.jpg',
    ]);
    expect(await readFile(path.join(work, 'root/images/0--Parade/a.jpg'))).toEqual(content);
  });

  it.each([
    ['WIDER_val/../../evil', /leaves its folder/],
    ['../evil', /leaves its folder/],
    ['/etc/evil', /absolute path/],
    ['C:/evil', /absolute path/],
    ['WIDER_val/..\\evil', /backslash/],
    ['WIDER_val/a\x01b', /control character/],
    ['WIDER_val//evil', /empty step/],
    ['WIDER_val/./evil', /empty step/],
  ])('refuses an entry named %j, even where no rule wants it', async (name, reason) => {
    const attempt = unpack(format, make([{ name, content: Buffer.from('x') }]));
    await expect(attempt).rejects.toThrow(DatasetError);
    await expect(attempt).rejects.toThrow(reason);
    expect(await readdir(work)).toEqual([`archive.${format}`]);
  });

  it('refuses links and devices', async () => {
    const link: MadeEntry = {
      name: 'WIDER_val/link',
      mode: 0o120777,
      type: '2',
      linkName: '/etc',
      content: format === 'zip' ? Buffer.from('/etc') : Buffer.alloc(0),
    };
    await expect(unpack(format, make([link]))).rejects.toThrow(/link or a device/);
    const other: MadeEntry = { name: 'WIDER_val/x', mode: 0o020666, type: format === 'zip' ? '0' : '1', linkName: 'y' };
    await expect(unpack(format, make([other]))).rejects.toThrow(/link or a device/);
  });

  it('refuses more bytes or entries than its limits, before writing them', async () => {
    const large = make([{ name: 'WIDER_val/zeros', content: Buffer.alloc(100_001) }]);
    await expect(unpack(format, large)).rejects.toThrow(/more than its manifest allows/);
    const many = make(Array.from({ length: 21 }, (_, index) => ({ name: `other/${index}` })));
    await expect(unpack(format, many)).rejects.toThrow(/more than its manifest allows/);
  });

  it('refuses a name that the archive holds twice', async () => {
    const twice = make([
      { name: 'WIDER_val/a', content: Buffer.from('1') },
      { name: 'WIDER_val/a', content: Buffer.from('2') },
    ]);
    await expect(unpack(format, twice)).rejects.toThrow(/WIDER_val|images\/a.*twice/);
  });

  it('refuses truncated, damaged and foreign files', async () => {
    const content = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index) % 251));
    const whole = make([{ name: 'WIDER_val/a.jpg', content }]);
    for (const bytes of [
      whole.subarray(0, whole.length - 30),
      whole.subarray(0, 40),
      Buffer.from('hello'),
      Buffer.alloc(0),
    ]) {
      await expect(unpack(format, bytes)).rejects.toThrow(DatasetError);
      await rm(path.join(work, 'root'), { recursive: true, force: true });
    }
    await expect(unpack(format, Buffer.alloc(3000))).rejects.toThrow(DatasetError);
  });

  it('meets mutated archives with typed errors alone, and writes nothing outside its root', {
    timeout: 900_000,
  }, async () => {
    const whole = make([
      { name: 'WIDER_val/0--Parade/a.jpg', content: Buffer.from('abc'.repeat(200)) },
      { name: 'tools/ground_truth/hard.mat', content: Buffer.from('hard') },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(whole.length),
        async (changes, cut) => {
          const bytes = Buffer.from(cut % 4 === 0 ? whole.subarray(0, cut) : whole);
          for (const [position, value] of changes) if (position < bytes.length) bytes[position] = value;
          await rm(path.join(work, 'root'), { recursive: true, force: true });
          await unpack(format, bytes).catch((error: unknown) => {
            expect(
              error === undefined || error instanceof DatasetError || (error as { code?: string }).code === 'ENOENT',
            ).toBe(true);
          });
          const left = (await readdir(work)).filter((name) => name !== 'root' && !name.startsWith('archive.'));
          expect(left).toEqual([]);
        },
      ),
      { seed: 1, numRuns: fuzzRuns },
    );
  });
});

describe('unpackArchive of gzip bombs', () => {
  it('stops inflating what is longer than a tar of its limits', async () => {
    // One folder entry, then 40 MB of zeros: 40 kB gzipped.
    const bytes = gzipSync(Buffer.concat([Buffer.alloc(512), Buffer.alloc(40_000_000)]));
    await expect(unpack('tar.gz', bytes)).rejects.toThrow(/inflates to more than/);
  });

  it('does not trust the size that a zip entry claims', async () => {
    const bomb = makeZip([{ name: 'WIDER_val/zeros', content: Buffer.alloc(5_000_000), claimedBytes: 1000 }]);
    await expect(unpack('zip', bomb)).rejects.toThrow(DatasetError);
  });
});

describe('entryPath', () => {
  it('stays below the root for every name that it takes', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'C:', '\\', 'a b', '...'), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const name = parts.join('/');
        let place: string;
        try {
          place = entryPath('/root/of/it', name, 'x.zip');
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
          return;
        }
        expect(path.resolve(place).startsWith('/root/of/it/')).toBe(true);
      }),
      { seed: 2, numRuns: 10_000 },
    );
  });
});

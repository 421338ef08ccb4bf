import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatasetError, EnvironmentError, ProtocolError, seededRandom } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../tools/tests/wait-until.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import { lfwVerificationFiles } from '../../src/pull/lfw-pairs.js';
import { type PullOptions, pullDataset } from '../../src/pull/pull.js';
import { serve, startServer, type TestServer } from '../download/server.js';
import { makeTarGz, makeZip } from '../unpack/archives.js';

const random = seededRandom(3);
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
const images = makeZip([
  { name: 'val/images/0--A/a.jpg', content: noise(150_000) },
  { name: 'val/images/0--A/b.jpg', content: noise(150_000) },
  { name: 'val/readme.txt', content: noise(10) },
]);
const truth = makeTarGz([{ name: 'gt/hard.mat', content: noise(1000) }]);
const list = Buffer.from('a\nb\n');

let work: string;
let cacheDir: string;
let server: TestServer;
let asked: string[];

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-pull-'));
  cacheDir = path.join(work, 'cache');
  asked = [];
  server = await startServer((request, response, count) => {
    asked.push(request.url ?? '');
    const file = { '/images.zip': images, '/truth.tgz': truth, '/list.txt': list }[request.url ?? ''];
    if (file === undefined) response.writeHead(404).end();
    else serve(file)(request, response, count);
  });
});

afterEach(async () => {
  await server.close();
  await rm(work, { recursive: true });
});

function manifestOf(base = server.url): Manifest {
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const limits = { largestBytes: 1_000_000, largestEntries: 10 };
  return {
    version: 1,
    name: 'small',
    title: 'A small data set',
    homepage: 'http://example.org/',
    licence: { name: 'CC0', url: 'http://example.org/licence', summary: 'Do as you like.' },
    files: [
      {
        name: 'images.zip',
        urls: [`${base}/images.zip`],
        sizeBytes: images.length,
        sha256: hash(images),
        unpack: { format: 'zip', rules: [{ from: 'val/images/', to: 'images/' }], ...limits },
      },
      {
        name: 'truth.tgz',
        urls: [`${base}/truth.tgz`],
        sha256: hash(truth),
        unpack: { format: 'tar.gz', rules: [{ from: 'gt/', to: 'ground_truth/' }], ...limits },
      },
      { name: 'list.txt', urls: [`${base}/list.txt`], place: 'list.txt' },
    ],
    unpackedBytes: 310_000,
    expected: { imageFolder: 'images', images: 2, files: ['ground_truth/hard.mat', 'list.txt'] },
  };
}

function options(more: Partial<PullOptions> = {}): PullOptions {
  const retry = { attempts: 2, firstDelayMs: 1, largestDelayMs: 1, stallMs: 60_000 };
  return { cacheDir, acceptLicence: true, retry, ...more };
}

async function expectWhole(root: string): Promise<void> {
  expect(root).toBe(path.join(cacheDir, 'datasets', 'small'));
  expect((await readdir(root, { recursive: true })).sort()).toEqual([
    '.retinabench.json',
    'ground_truth',
    'ground_truth/hard.mat',
    'images',
    'images/0--A',
    'images/0--A/a.jpg',
    'images/0--A/b.jpg',
    'list.txt',
  ]);
  expect((await stat(path.join(root, 'images/0--A/b.jpg'))).size).toBe(150_000);
  expect(await readdir(path.join(cacheDir, 'datasets'))).toEqual(['small']);
  expect(await readdir(path.join(cacheDir, 'downloads'))).toEqual([]);
}

describe('pullDataset', () => {
  it('downloads, unpacks, checks and leaves a receipt; a second call does nothing', async () => {
    const phases = new Map<string, number>();
    const progress = options({ onProgress: (phase, doneBytes) => void phases.set(phase, doneBytes) });
    const pulled = await pullDataset(manifestOf(), progress);
    await expectWhole(pulled.root);
    expect(pulled.files.map(({ verifiedBy }) => verifiedBy)).toEqual(['manifest', 'manifest', 'first use']);
    expect(phases.get('download')).toBe(images.length + truth.length + list.length);
    expect(phases.get('unpack')).toBe(301_000 + list.length);
    const receipt = JSON.parse(await readFile(path.join(pulled.root, '.retinabench.json'), 'utf8'));
    expect(receipt).toMatchObject({ name: 'small', licence: 'CC0', files: [{ name: 'images.zip' }, {}, {}] });
    expect(await pullDataset(manifestOf(), options())).toEqual({ root: pulled.root, files: [], alreadyThere: true });
    expect(asked).toHaveLength(3);
    expect((await pullDataset(manifestOf(), options({ fresh: true }))).alreadyThere).toBe(false);
    await expectWhole(pulled.root);
  });

  it('shows the licence and downloads nothing until it is accepted', async () => {
    const attempt = pullDataset(manifestOf(), options({ acceptLicence: false }));
    await expect(attempt).rejects.toThrow(ProtocolError);
    await expect(attempt).rejects.toThrow(
      /CC0 \(http:\/\/example\.org\/licence\)\. Do as you like\..*--accept-licence/,
    );
    expect(asked).toEqual([]);
  });

  it('checks the disk before it downloads anything', async () => {
    const attempt = pullDataset({ ...manifestOf(), unpackedBytes: 2 ** 52 }, options());
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(/needs .* TB of disk space, has /);
    expect(asked).toEqual([]);
  });

  it('takes files from mirrors and from a folder of the user before the URLs', async () => {
    const mirror = path.join(work, 'mirror', 'small');
    const own = path.join(work, 'own');
    await mkdir(mirror, { recursive: true });
    await mkdir(own);
    await writeFile(path.join(own, 'images.zip'), images);
    await writeFile(path.join(mirror, 'truth.tgz'), truth);
    const from = options({ from: own, mirrors: [pathToFileURL(path.join(work, 'mirror')).href] });
    await expectWhole((await pullDataset(manifestOf(), from)).root);
    expect(asked).toEqual(['/list.txt']);
  });

  it('names a folder of the user that is not there', async () => {
    const attempt = pullDataset(manifestOf(), options({ from: path.join(work, 'none') }));
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(/none: no such folder \(--from\)/);
    expect(asked).toEqual([]);
  });

  it('shows nothing of a data set whose archives are not what the manifest expects', async () => {
    const manifest = manifestOf();
    const wrong = { ...manifest, expected: { ...manifest.expected, images: 3, files: ['ground_truth/easy.mat'] } };
    const attempt = pullDataset(wrong, options());
    await expect(attempt).rejects.toThrow(DatasetError);
    await expect(attempt).rejects.toThrow(/2 images \(expected 3\) without ground_truth\/easy\.mat/);
    expect(await readdir(path.join(cacheDir, 'datasets'))).toEqual([]);
  });

  it('keeps the old data set when a fresh pull fails', async () => {
    await pullDataset(manifestOf(), options());
    await rm(path.join(cacheDir, 'pins'), { recursive: true });
    await expect(pullDataset(manifestOf('http://127.0.0.1:9'), options({ fresh: true }))).rejects.toThrow(
      EnvironmentError,
    );
    expect(await readdir(path.join(cacheDir, 'datasets', 'small', 'images', '0--A'))).toEqual(['a.jpg', 'b.jpg']);
  });

  it('goes on after SIGKILL in the middle of a download, without asking for those bytes again', async () => {
    const ranges: (string | undefined)[] = [];
    const slow = await startServer((request, response) => {
      ranges.push(request.headers.range);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (ranges.length > 1) return serve(images)(request, response, 0);
      response.writeHead(200, { 'content-length': images.length - start, etag: '"v1"' });
      response.write(images.subarray(0, 200_000));
    });
    try {
      const manifest = { ...manifestOf(), files: [{ ...manifestOf().files[0], urls: [`${slow.url}/images.zip`] }] };
      const expected = { ...manifest.expected, files: [] };
      const part = path.join(cacheDir, 'downloads', 'small', 'images.zip.part');
      const child = spawnPull({ ...manifest, expected });
      await waitForSize(part, 200_000);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      expect(await readdir(path.join(cacheDir, 'downloads', 'small'))).not.toContain('images.zip');
      const { root } = await pullDataset({ ...manifest, expected }, options());
      expect(await readdir(path.join(root, 'images', '0--A'))).toEqual(['a.jpg', 'b.jpg']);
      expect(ranges).toEqual([undefined, 'bytes=200000-']);
    } finally {
      await slow.close();
    }
  });

  function spawnPull(manifest: Manifest) {
    const library = new URL('../../dist/index.js', import.meta.url).href;
    const code = `import { pullDataset } from ${JSON.stringify(library)};
      await pullDataset(${JSON.stringify(manifest)}, { cacheDir: ${JSON.stringify(cacheDir)}, acceptLicence: true });`;
    return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
  }

  async function waitForSize(file: string, bytes: number): Promise<void> {
    const sizeOf = (): Promise<number> =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      );
    await waitUntil(`${bytes} bytes of ${file}`, async () => (await sizeOf()) >= bytes);
  }
});

describe('pullDataset of a gated data set', () => {
  function gated(): Manifest {
    return {
      ...manifestOf(),
      files: [],
      gate: {
        steps: ['Write to them.', 'Unpack what they send.'],
        arrange: [
          { from: ['crops', 'IJBC/crops'], to: 'images', kind: 'folder', count: 2 },
          { from: ['meta/tid_mid.txt'], to: 'tid_mid.txt', kind: 'lines', count: 2 },
        ],
      },
      expected: { imageFolder: 'images', images: 2, files: ['tid_mid.txt'] },
    };
  }

  it('says how to apply', async () => {
    const attempt = pullDataset(gated(), options());
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(/application only\.\n {2}1\. Write to them\.\n {2}2\. Unpack/);
  });

  it('arranges what the user got, and names everything that is wrong with it', async () => {
    const from = path.join(work, 'got');
    await mkdir(path.join(from, 'IJBC', 'crops'), { recursive: true });
    await writeFile(path.join(from, 'IJBC', 'crops', '1.jpg'), '');
    const attempt = pullDataset(gated(), options({ from }));
    await expect(attempt).rejects.toThrow(/expected 2 images, got 1; meta\/tid_mid\.txt is missing/);
    await writeFile(path.join(from, 'IJBC', 'crops', '2.jpg'), '');
    await mkdir(path.join(from, 'meta'));
    await writeFile(path.join(from, 'meta', 'tid_mid.txt'), '1.jpg 1 1\n2.jpg 1 2');
    const { root } = await pullDataset(gated(), options({ from }));
    expect((await readdir(root)).sort()).toEqual(['.retinabench.json', 'images', 'tid_mid.txt']);
    expect(await readdir(path.join(root, 'images'))).toEqual(['1.jpg', '2.jpg']);
  });
});

describe('lfwVerificationFiles', () => {
  it("turns LFW's pairs into templates and labels", () => {
    const { tidMid, pairLabel } = lfwVerificationFiles('10\t300\nAnn\t1\t12\nAnn\t12\tBob\t3\n');
    expect(tidMid).toBe('Ann/Ann_0001.jpg 1 1\nAnn/Ann_0012.jpg 2 2\nBob/Bob_0003.jpg 3 3\n');
    expect(pairLabel).toBe('1 2 1\n2 3 0\n');
  });

  it('names the line that is neither form', () => {
    expect(() => lfwVerificationFiles('10\t300\nAnn\t1\n')).toThrow(/pairs\.txt:2: expected/);
    expect(() => lfwVerificationFiles('10\t300\nAnn\tx\t2\n')).toThrow(DatasetError);
  });
});

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDataset } from '../../src/check/check.js';
import { findManifest } from '../../src/manifest/find.js';
import { pullDataset } from '../../src/pull/pull.js';
import { resolveDataset } from '../../src/resolve.js';
import { listWiderImages } from '../../src/wider/list.js';
import { serve, startServer, type TestServer } from '../download/server.js';
import { makeZip } from '../unpack/archives.js';

const names = ['0--Parade/a', '0--Parade/b', '1--Handshaking/c'];
/** Two archives laid out as the publisher's are. */
const archives: Readonly<Record<string, Buffer>> = {
  'WIDER_test.zip': makeZip([
    ...names.map((name) => ({ name: `WIDER_test/images/${name}.jpg`, content: Buffer.from(name) })),
    { name: 'WIDER_test/readme', content: Buffer.from('x') },
  ]),
  'wider_face_split.zip': makeZip([
    {
      name: 'wider_face_split/wider_face_test_filelist.txt',
      content: Buffer.from(names.map((n) => `${n}.jpg\n`).join('')),
    },
    { name: 'wider_face_split/wider_face_val.mat', content: Buffer.from('x') },
  ]),
};

let work: string;
let server: TestServer;
beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-test-set-'));
  server = await startServer((request, response, count) => {
    const file = archives[(request.url ?? '').slice(1)];
    if (file === undefined) response.writeHead(404).end();
    else serve(file)(request, response, count);
  });
});
afterEach(async () => {
  await server.close();
  await rm(work, { recursive: true });
});

describe('wider-test', () => {
  it('is pulled by the rules of its manifest, checks as whole, and is what --data wider-test names', async () => {
    const manifest = await findManifest('wider-test');
    expect(manifest.expected).toMatchObject({ imageFolder: 'WIDER_test/images', images: 16_097 });
    const small = {
      ...manifest,
      files: manifest.files.map((file) => ({
        ...file,
        urls: [`${server.url}/${file.name}`],
        sizeBytes: archives[file.name].length,
        sha256: createHash('sha256').update(archives[file.name]).digest('hex'),
      })),
      expected: { ...manifest.expected, images: names.length },
    };
    const cacheDir = path.join(work, 'cache');
    const { root } = await pullDataset(small, { cacheDir, acceptLicence: true });
    expect((await listWiderImages(root)).map(({ event, image }) => `${event}/${image}`)).toEqual(names);
    expect(await checkDataset(root, { quick: true })).toMatchObject({
      present: 3,
      expected: 3,
      missing: [],
      unexpected: [],
      problems: [],
    });
    expect((await resolveDataset('wider-test', { env: {}, cacheDir })).root).toBe(root);
    await expect(resolveDataset('wider-test', { env: {}, cacheDir: work })).rejects.toThrow(/datasets pull wider-test/);
  });

  it('is recognised by the list that comes with it', async () => {
    const root = path.join(work, 'own');
    await mkdir(path.join(root, 'WIDER_test/images/0--Parade'), { recursive: true });
    await writeFile(path.join(root, 'WIDER_test/images/0--Parade/a.jpg'), 'x');
    const nameOf = async (): Promise<string> => (await resolveDataset(root, { env: {}, cacheDir: work })).name;
    expect(await nameOf()).toBe('own');
    const listed = Array.from({ length: 16_096 }, (_, index) => `1--Handshaking/${index}.jpg`);
    await writeFile(path.join(root, 'wider_face_test_filelist.txt'), ['0--Parade/a.jpg', ...listed].join('\n'));
    expect(await nameOf()).toBe('wider-test-part');
    await writeFile(path.join(root, 'wider_face_test_filelist.txt'), ['0--Parade/other.jpg', ...listed].join('\n'));
    expect(await nameOf()).toBe('own');
  });
});

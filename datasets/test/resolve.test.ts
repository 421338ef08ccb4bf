import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveDataset } from '../src/resolve.js';
import { imageNamesDigest } from '../src/wider/digest.js';
import { listWiderImages } from '../src/wider/list.js';

let work: string;
let cacheDir: string;

beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-resolve-'));
  cacheDir = path.join(work, 'cache');
});

afterAll(() => rm(work, { recursive: true }));

async function makeRoot(name: string, images: Record<string, string>): Promise<string> {
  const root = path.join(work, name);
  for (const [image, content] of Object.entries(images)) {
    const file = path.join(root, 'WIDER_val', 'images', `${image}.jpg`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return root;
}

describe('resolveDataset', () => {
  it('falls back to the embedded set and says that it is not WIDER FACE', async () => {
    const found = await resolveDataset(undefined, { env: {}, cacheDir });
    expect(found).toMatchObject({ name: 'mini', isEmbedded: true });
    expect(found.notes.join(' ')).toContain('not WIDER FACE');
    expect((await listWiderImages(found.root)).length).toBeGreaterThanOrEqual(60);
  });

  it('prefers --data to RETINABENCH_DATA to the pulled set to the embedded one', async () => {
    const flag = await makeRoot('flag', { '0--Parade/a': 'x' });
    const variable = await makeRoot('variable', { '0--Parade/a': 'x' });
    const pulled = await makeRoot('cache-pulled/datasets/wider-val', { '0--Parade/a': 'x' });
    const env = { RETINABENCH_DATA: variable };
    const pulledCache = path.join(work, 'cache-pulled');
    expect((await resolveDataset(flag, { env, cacheDir: pulledCache })).root).toBe(flag);
    expect((await resolveDataset(undefined, { env, cacheDir: pulledCache })).root).toBe(variable);
    expect((await resolveDataset(undefined, { env: {}, cacheDir: pulledCache })).root).toBe(pulled);
    expect((await resolveDataset('mini', { env, cacheDir })).isEmbedded).toBe(true);
  });

  // Names of WIDER FACE val's own annotation; the size of the first file is known, that of the second is not.
  const official = {
    known: { name: '0--Parade/0_Parade_Parade_0_12', bytes: 180_405 },
    unknown: '0--Parade/0_Parade_marchingband_1_465',
  };

  it('calls a root a part of WIDER FACE val for its names and sizes, and says how much it holds', async () => {
    const { known, unknown } = official;
    const root = await makeRoot('partial', { [known.name]: 'x'.repeat(known.bytes), [unknown]: 'y' });
    const found = await resolveDataset(root, { env: {}, cacheDir });
    expect(found).toMatchObject({ name: 'wider-val-part', isEmbedded: false });
    expect(found.notes.join(' ')).toContain(
      'recognised as a part of WIDER FACE val by its names and the size of 1 file',
    );
    expect(found.notes.join(' ')).toContain('2 of the 3,226 images');
  });

  it('calls images of other sizes under its names an own set, and says which differs', async () => {
    const root = await makeRoot('blurred', { [official.known.name]: 'x', [official.unknown]: 'y' });
    const found = await resolveDataset(root, { env: {}, cacheDir });
    expect(found.name).toBe('blurred');
    expect(found.notes.join(' ')).toContain(`Parade_0_12 has 1 bytes, there ${official.known.bytes}`);
    expect(found.notes.join(' ')).not.toContain('3,226');
  });

  it.each([
    ['own', 'own'],
    ['wider_val', 'own-set'],
    ['WIDER-face-val', 'own-set'],
    ['lfw', 'own-set'],
    ['mini-0123456789abcdef', 'own-set'],
    ['cellar', 'cellar'],
  ])('calls own images in a folder %s %s', async (folder, name) => {
    const root = await makeRoot(folder, { '0--Parade/a': 'x', [official.unknown]: 'y' });
    const found = await resolveDataset(root, { env: {}, cacheDir });
    expect(found).toMatchObject({ name, isEmbedded: false });
    expect(found.notes).toEqual([`data set: ${root} (--data), 2 images, its images are not those of WIDER FACE val.`]);
    expect((await resolveDataset(path.join(root, 'WIDER_val'), { env: {}, cacheDir })).name).toBe(name);
  });

  it('calls a missing root an environment error and an empty one a data set error, each with the next step', async () => {
    const missing = resolveDataset(path.join(work, 'missing'), { env: {}, cacheDir });
    await expect(missing).rejects.toThrow(EnvironmentError);
    await expect(missing).rejects.toThrow(/datasets pull wider-val/);
    const empty = path.join(work, 'empty');
    await mkdir(path.join(empty, 'WIDER_val', 'images', '0--Parade'), { recursive: true });
    const found = resolveDataset(empty, { env: {}, cacheDir });
    await expect(found).rejects.toThrow(DatasetError);
    await expect(found).rejects.toThrow(/datasets check/);
    const bare = path.join(work, 'bare');
    await mkdir(bare);
    await expect(resolveDataset(bare, { env: {}, cacheDir })).rejects.toThrow(/WIDER_val\/images/);
  });
});

describe('listWiderImages', () => {
  it('lists images by event and name in code-point order and passes over other files', async () => {
    const root = await makeRoot('list', { '10--B/b': '', '2--A/Z': '', '2--A/a': '' });
    await writeFile(path.join(root, 'WIDER_val/images/2--A/notes.txt'), '');
    await writeFile(path.join(root, 'WIDER_val/images/2--A/._a.jpg'), '');
    const images = await listWiderImages(root);
    expect(images.map(({ event, image }) => `${event}/${image}`)).toEqual(['10--B/b', '2--A/Z', '2--A/a']);
    expect(images[0].file).toBe(path.join(root, 'WIDER_val/images/10--B/b.jpg'));
  });

  it('accepts WIDER_val itself as the root', async () => {
    const root = await makeRoot('inner', { '0--Parade/a': '' });
    expect(await listWiderImages(path.join(root, 'WIDER_val'))).toHaveLength(1);
  });
});

describe('imageNamesDigest', () => {
  const digest = async (root: string): Promise<string> =>
    imageNamesDigest((await listWiderImages(root)).map(({ event, image }) => `${event}/${image}`));

  it('is the SHA-256 of sorted names', async () => {
    const root = await makeRoot('digest', { '1--B/b': '12345', '0--A/a': '12' });
    // printf '0--A/a\n1--B/b\n' | sha256sum
    expect(await digest(root)).toBe('09392e8f1597c0f2b350c697ac6ab63b9de6b1a438eb560aba301754e0f091f6');
  });

  it('changes with a name, not with the place or with what is in an image, which is hashed where it is read', async () => {
    const images = { '0--A/a': '12', '0--A/b': '123' };
    const one = await digest(await makeRoot('one', images));
    expect(await digest(await makeRoot('two', images))).toBe(one);
    expect(await digest(await makeRoot('three', { ...images, '0--A/b': '1234' }))).toBe(one);
    expect(await digest(await makeRoot('four', { '0--A/a': '12', '0--A/c': '123' }))).not.toBe(one);
  });
});

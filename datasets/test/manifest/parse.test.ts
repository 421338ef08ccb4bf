import { readFile } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findManifest, knownDatasets } from '../../src/manifest/find.js';
import { parseManifest } from '../../src/manifest/parse.js';

describe('findManifest', () => {
  it.each(knownDatasets)('knows %s: every file has a hash, and archives have room for what they hold', async (name) => {
    const manifest = await findManifest(name);
    expect(manifest.name).toBe(name);
    for (const file of manifest.files) {
      expect(file.sha256).toBeDefined();
      if (file.unpack && file.sizeBytes) expect(file.unpack.largestBytes).toBeGreaterThan(file.sizeBytes);
    }
    expect(manifest.files.length > 0 || manifest.gate !== undefined).toBe(true);
  });

  it('takes the example of docs/add-a-data-set.md', async () => {
    const guide = await readFile(new URL('../../../docs/add-a-data-set.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(parseManifest(example, 'the example').files.map(({ name }) => name)).toEqual(['faces.zip', 'list.txt']);
  });

  it('names the known ones when asked for another', async () => {
    await expect(findManifest('wider')).rejects.toThrow(/known are wider-val, wider-train, wider-test, lfw, ijbc/);
    await expect(findManifest('missing.json')).rejects.toThrow(/missing\.json: cannot read/);
  });
});

describe('parseManifest', () => {
  const valid = async (): Promise<Record<string, unknown>> =>
    JSON.parse(JSON.stringify(await findManifest('wider-val'))) as Record<string, unknown>;

  it('takes what findManifest gives', async () => {
    expect(parseManifest(JSON.stringify(await valid()), 'x.json').name).toBe('wider-val');
  });

  it.each([
    ['place', '../evil'],
    ['place', '/etc/passwd'],
    ['place', 'a//b'],
    ['place', 'a/../b'],
    ['name', '../evil'],
    ['name', '.hidden'],
    ['sha256', 'ABC'],
    ['sizeBytes', -1],
  ])('refuses a file with %s %j', async (key, value) => {
    const manifest = await valid();
    const files = manifest.files as Record<string, unknown>[];
    delete files[0].unpack;
    files[0].place = 'images.zip';
    files[0][key] = value;
    expect(() => parseManifest(JSON.stringify(manifest), 'x.json')).toThrow(
      new RegExp(`x\\.json: not a manifest: files\\[0\\]\\.${key}`),
    );
  });

  it('refuses a URL of another scheme, a file named twice, and a file without a place', async () => {
    const manifest = await valid();
    const files = manifest.files as Record<string, unknown>[];
    const changed = (file: Record<string, unknown>): string =>
      JSON.stringify({ ...manifest, files: [{ ...files[0], ...file }, ...files.slice(1)] });
    expect(() => parseManifest(changed({ urls: ['ftp://example.org/x'] }), 'x.json')).toThrow(/urls\[0\]/);
    expect(() => parseManifest(changed({ name: files[1].name }), 'x.json')).toThrow(/named twice/);
    expect(() => parseManifest(changed({ unpack: undefined }), 'x.json')).toThrow(/either unpack or place/);
  });

  it('meets mutated manifests with DatasetError alone and pollutes no prototype', async () => {
    const text = JSON.stringify(await valid());
    const property = fc.property(
      fc.array(
        fc.tuple(
          fc.nat(text.length),
          fc.nat(6),
          fc.oneof(fc.string({ maxLength: 3 }), fc.constant('"__proto__":{"x":1},')),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      (edits) => {
        let mutated = text;
        for (const [at, length, insert] of edits) mutated = mutated.slice(0, at) + insert + mutated.slice(at + length);
        try {
          parseManifest(mutated, 'x.json');
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
        expect(({} as { x?: unknown }).x).toBeUndefined();
      },
    );
    fc.assert(property, { seed: 4, numRuns: 5000 });
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => parseManifest(json, 'x.json')).toThrow(DatasetError);
      }),
      { seed: 5, numRuns: 5000 },
    );
  });
});

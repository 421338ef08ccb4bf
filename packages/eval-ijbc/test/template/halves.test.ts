import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { openNpy } from '@retinabench/files';
import { describe, expect, it } from 'vitest';
import { arrayFeatures } from '../../src/template/features.js';
import { halfOf, recogniseHalves } from '../../src/template/halves.js';
import { sharedFolder, sharedIsAbsent } from '../shared.js';

/** Normal numbers of unit deviation, from a fixed seed. */
function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rows of features: `people` people, images of one share most of their feature; `make` changes a value. */
function features(images: number, people: number, width: number, make = (value: number) => value): number[][] {
  const normal = normals(3);
  const centres = Array.from({ length: people }, () => Array.from({ length: width }, normal));
  return Array.from({ length: images }, (_, i) => centres[i % people].map((value) => make(value + 0.5 * normal())));
}

const beside = (rows: readonly (readonly number[])[], others: readonly (readonly number[])[]) =>
  rows.map((row, i) => [...row, ...others[i]]);

const layoutOf = (rows: readonly (readonly number[])[]) =>
  recogniseHalves(Float32Array.from(rows.flat()), rows[0].length);

describe('recogniseHalves(rows, dimensions)', () => {
  const plain = features(120, 20, 16);
  const normal = normals(5);
  const mirrored = plain.map((row) => row.map((value) => value + 0.5 * normal()));

  it('recognises plain and mirrored features side by side', () => {
    expect(layoutOf(beside(plain, mirrored))).toBe('both');
    expect(layoutOf(beside(plain, plain))).toBe('both');
  });

  it('takes one feature for one, also where all values are positive or images are of few people', () => {
    expect(layoutOf(plain)).toBe('one');
    expect(layoutOf(features(120, 20, 16, (value) => Math.max(0, value)))).toBe('one');
    expect(layoutOf(features(120, 20, 16, (value) => value + 5))).toBe('one');
    expect(layoutOf(features(200, 4, 64))).toBe('one');
  });

  it('takes the halves of other images for no halves', () => {
    expect(layoutOf(beside(plain, [...mirrored.slice(7), ...mirrored.slice(0, 7)]))).toBe('one');
  });

  it('says nothing of few rows, constant rows, zeros or an odd number of values', () => {
    expect(layoutOf(beside(plain, mirrored).slice(0, 5))).toBe('one');
    expect(layoutOf(plain.map(() => [1, 2, 1, 2]))).toBe('one');
    expect(layoutOf(plain.map(() => [0, 0, 0, 0]))).toBe('one');
    expect(layoutOf(beside(plain, mirrored).map((row) => row.slice(1)))).toBe('one');
  });

  it.skipIf(sharedIsAbsent('golden'))(
    'tells features of faces from their halves (needs the shared data folder)',
    async () => {
      for (const folder of ['golden/folds', 'golden/ijbc-small']) {
        const [own, flip] = await Promise.all(
          ['features.npy', 'features-flip.npy'].map(async (name) => {
            const npy = await openNpy(path.join(sharedFolder, folder, name));
            const width = npy.header.shape[1];
            const values = new Float32Array(200 * width);
            await npy.readInto(0, values);
            await npy.close();
            return Array.from({ length: 200 }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
          }),
        );
        expect([own, flip, beside(own, flip)].map(layoutOf)).toEqual(['one', 'one', 'both']);
      }
    },
  );
});

describe('halfOf(source, half)', () => {
  it('gives the first or the second values of each row', async () => {
    const source = arrayFeatures('f.npy', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 4);
    const read = async (half: 'first' | 'second', start: number, rows: number) => {
      const out = new Float32Array(rows * 2);
      await halfOf(source, half).read(start, out);
      return [...out];
    };
    expect(await read('first', 0, 3)).toEqual([1, 2, 5, 6, 9, 10]);
    expect(await read('second', 1, 2)).toEqual([7, 8, 11, 12]);
    expect(halfOf(source, 'second')).toMatchObject({ place: 'f.npy, second half', rows: 3, dimensions: 2 });
  });
});

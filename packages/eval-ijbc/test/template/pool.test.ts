import { ProtocolError, ShapeError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayFeatures, npyFeatures } from '../../src/template/features.js';
import { indexTemplates } from '../../src/template/index-templates.js';
import { type PoolingOptions, parsePoolingCode, publishedPooling } from '../../src/template/options.js';
import { poolTemplates } from '../../src/template/pool.js';

const plain: PoolingOptions = { templateNorm: 'keep', detectorScore: 'ignore', flip: 'none' };

function pool(
  rows: readonly (readonly [template: number, media: number, feature: readonly number[]])[],
  options: PoolingOptions = plain,
  more: { flipped?: readonly (readonly number[])[]; scores?: readonly number[] } = {},
) {
  const index = indexTemplates({
    templateIds: Int32Array.from(rows, ([template]) => template),
    mediaIds: Int32Array.from(rows, ([, media]) => media),
  });
  const dimensions = rows[0][2].length;
  return poolTemplates(
    {
      index,
      features: arrayFeatures('features.npy', Float32Array.from(rows.flatMap(([, , feature]) => feature)), dimensions),
      ...(more.flipped === undefined
        ? {}
        : { flipped: arrayFeatures('flip.npy', Float32Array.from(more.flipped.flat()), more.flipped[0].length) }),
      ...(more.scores === undefined ? {} : { scores: Float32Array.from(more.scores) }),
    },
    options,
  );
}

describe('poolTemplates(input, options)', () => {
  it('averages the images of one media, sums the media, and divides by the length', async () => {
    // Template 7: media 1 averages (2, 0) and (4, 0) to (3, 0); media 2 is (0, 4): sum (3, 4), length 5.
    // Template 2: one image (0, -9).
    const templates = await pool([
      [7, 1, [2, 0]],
      [2, 1, [0, -9]],
      [7, 2, [0, 4]],
      [7, 1, [4, 0]],
    ]);
    expect([...templates.ids]).toEqual([2, 7]);
    expect([...templates.vectors]).toEqual([0, -1, 3 / 5, 4 / 5]);
  });

  it('normalises, then weighs by the detector score, then pools', async () => {
    // l2: (1, 0) and (0, 1); scores 3 and 4 in two media: (3, 4) / 5. Without scores: (1, 1) / sqrt 2.
    const rows = [
      [1, 1, [10, 0]],
      [1, 2, [0, 2]],
    ] as const;
    const scored = await pool(rows, { ...plain, templateNorm: 'l2', detectorScore: 'use' }, { scores: [3, 4] });
    expect([...scored.vectors]).toEqual([3 / 5, 4 / 5]);
    const unscored = await pool(rows, { ...plain, templateNorm: 'l2' });
    expect([...unscored.vectors]).toEqual([1 / Math.sqrt(2), 1 / Math.sqrt(2)]);
  });

  it('adds the flipped feature before the norm, or puts it behind', async () => {
    // add: (1 + 2, 2 + 2) = (3, 4); concat: (1, 2, 2, 2) / sqrt(13).
    const added = await pool([[1, 1, [1, 2]]], { ...plain, flip: 'add' }, { flipped: [[2, 2]] });
    expect([...added.vectors]).toEqual([3 / 5, 4 / 5]);
    const joined = await pool([[1, 1, [1, 2]]], { ...plain, flip: 'concat' }, { flipped: [[2, 2]] });
    expect(joined.dimensions).toBe(4);
    expect([...joined.vectors]).toEqual([1, 2, 2, 2].map((value) => value / Math.sqrt(13)));
  });

  it('does not depend on how the lines of different groups are interleaved', async () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.constant(0)), {
      minLength: 2,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (shape) => {
        const list = shape.map(([t, m], i) => [t, m, [1 + Math.sin(i), 2 + Math.cos(i * i)]] as const);
        const sorted = list.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect((await pool(list)).vectors).toEqual((await pool(sorted)).vectors);
      }),
      { seed: 11, numRuns: 50 },
    );
  });

  it('names image and column of a feature that is not finite, and the file it is in', async () => {
    const rows = [
      [1, 1, [1, 2]],
      [1, 2, [3, Number.NaN]],
    ] as const;
    await expect(pool(rows)).rejects.toThrow('features.npy: row 1, column 1: expected a finite number, got NaN');
    await expect(
      pool([...rows, [1, 3, [1, 1]], [1, 4, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]]),
    ).rejects.toThrow('got NaN; 2 rows hold such values');
    const flipped = [
      [Number.POSITIVE_INFINITY, 0],
      [1, 1],
    ];
    await expect(pool([rows[0], [1, 2, [3, 4]]], { ...plain, flip: 'add' }, { flipped })).rejects.toThrow(
      'flip.npy: row 0, column 0: expected a finite number, got Infinity',
    );
    await expect(pool([[1, 1, [3e38]]], { ...plain, flip: 'add' }, { flipped: [[3e38]] })).rejects.toThrow(
      'row 0: expected values whose sum fits float32',
    );
  });

  it('refuses what does not fit together', async () => {
    await expect(pool([[1, 1, [1, 2]]], publishedPooling, { scores: [1] })).rejects.toThrow(ProtocolError);
    await expect(pool([[1, 1, [1, 2]]], publishedPooling, { flipped: [[1, 2]] })).rejects.toThrow(
      'expected detector scores',
    );
    await expect(pool([[1, 1, [1, 2]]], { ...plain, flip: 'add' }, { flipped: [[1]] })).rejects.toThrow(ShapeError);
  });

  it('gives a template whose features sum to zero a feature of zeros, and lists all such templates', async () => {
    const { ids, vectors, zeroIds } = await pool([
      [9, 1, [0, 0]],
      [4, 1, [1, 2]],
      [6, 3, [3, 4]],
      [4, 2, [-1, -2]],
    ]);
    expect(zeroIds).toEqual([4, 9]);
    expect([...ids]).toEqual([4, 6, 9]);
    expect([...vectors]).toEqual([0, 0, 3 / 5, 4 / 5, 0, 0]);
  });
});

describe('npyFeatures(npy, images)', () => {
  it('refuses another number of rows than images', () => {
    const npy = { file: 'f.npy', header: { shape: [3, 2] } } as unknown as Parameters<typeof npyFeatures>[0];
    expect(() => npyFeatures(npy, 4)).toThrow('f.npy: expected 4 rows, one for each line of the image list, got 3');
  });
});

describe('indexTemplates(images)', () => {
  it('finds ids below and above the size of its table, and no others', () => {
    for (const large of [9, 2_000_000_000]) {
      const { indexOf } = indexTemplates({ templateIds: Int32Array.of(large, 3, large), mediaIds: new Int32Array(3) });
      expect([3, large, 0, 4, large - 1, large + 1, -1].map(indexOf)).toEqual([0, 1, -1, -1, -1, -1, -1]);
    }
  });
});

describe('parsePoolingCode(code, script)', () => {
  it.each([
    ['N1D1F2', 'ijb_11', { templateNorm: 'keep', detectorScore: 'use', flip: 'add' }],
    ['N0D1F1', 'ijb_11', { templateNorm: 'l2', detectorScore: 'use', flip: 'concat' }],
    ['N0D1F1', 'ijb_evals', { templateNorm: 'keep', detectorScore: 'use', flip: 'add' }],
    ['N1D0F0', 'ijb_evals', { templateNorm: 'l2', detectorScore: 'ignore', flip: 'none' }],
  ] as const)('%s of %s', (code, script, words) => {
    expect(parsePoolingCode(code, script)).toEqual(words);
  });

  it.each(['N1D1F2', 'n1d1f1', 'N2D1F1', 'N1D1', ''])('refuses %j of ijb_evals', (code) => {
    expect(() => parsePoolingCode(code, 'ijb_evals')).toThrow(ProtocolError);
  });
});

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnoseFoldPairs } from '../../src/diagnosis/fold-pairs.js';
import { type FoldPairs, readFoldPairs } from '../../src/folds/read-fold-pairs.js';
import { sharedFolder, sharedIsAbsent } from '../shared.js';

/** Pairs by the rows of their images and their label. */
function pairsOf(rows: readonly (readonly [left: number, right: number, label: number])[]): FoldPairs {
  return {
    left: Int32Array.from(rows, ([left]) => left),
    right: Int32Array.from(rows, ([, right]) => right),
    labels: Uint8Array.from(rows, ([, , label]) => label),
  };
}

const said = (pairs: FoldPairs, folds = 2): string[] =>
  diagnoseFoldPairs(pairs, folds, 'p.csv').map(({ code, level, evidence }) => `${level} ${code} ${evidence}`);

describe('diagnoseFoldPairs', () => {
  it('finds nothing in pairs of different images', () => {
    expect(
      said(
        pairsOf([
          [0, 1, 1],
          [0, 2, 0],
          [3, 4, 1],
          [3, 5, 0],
        ]),
      ),
    ).toEqual([]);
  });

  it('names pairs of an image with itself: an error where they make the number', () => {
    expect(
      said(
        pairsOf([
          [0, 0, 1],
          [0, 2, 0],
          [3, 3, 1],
          [3, 5, 0],
        ]),
      ),
    ).toEqual(['error pairs-of-one-image p.csv: 2 of 4 pairs hold one image twice: pair 1, 3']);
    const many = Array.from({ length: 200 }, (_, at) => [2 * at, 2 * at + (at === 7 ? 0 : 1), at % 2] as const);
    expect(said(pairsOf(many))[0]).toMatch(/^warning pairs-of-one-image .* 1 of 200 pairs .*: pair 8$/);
  });

  it('names a pair that is labelled both ways, in either order of its images', () => {
    expect(
      said(
        pairsOf([
          [0, 1, 1],
          [1, 0, 0],
          [3, 4, 1],
          [3, 5, 0],
        ]),
      ),
    ).toEqual([expect.stringMatching(/^error pairs-contradict p\.csv: 1 of 4 pairs .*: pair 2$/)]);
  });

  it('counts pairs that stand twice, and those that stand in another fold', () => {
    const within = diagnoseFoldPairs(
      pairsOf([
        [0, 1, 1],
        [1, 0, 1],
        [3, 4, 1],
        [3, 5, 0],
      ]),
      2,
      'p.csv',
    );
    expect(within.map(({ code }) => code)).toEqual(['pairs-repeated']);
    expect(within[0].effect).toMatch(/intervals over the folds are too narrow/);
    const across = diagnoseFoldPairs(
      pairsOf([
        [0, 1, 1],
        [3, 5, 0],
        [0, 1, 1],
        [3, 5, 0],
      ]),
      2,
      'p.csv',
    );
    expect(across[0].effect).toMatch(/^2 of them stand in another fold/);
  });

  it('knows images by their bytes, and by their names', () => {
    const images = [[1, 2], [3], [1, 2], [1, 2]].map((bytes) => Uint8Array.from(bytes));
    expect(
      said({
        ...pairsOf([
          [0, 1, 1],
          [2, 3, 1],
        ]),
        images,
      })[0],
    ).toMatch(/^error pairs-of-one-image .*: pair 2$/);
    const names = ['A/A_0001', 'A/A_0002', 'A/A_0002', 'A/A_0001'];
    expect(
      said({
        ...pairsOf([
          [0, 1, 1],
          [2, 3, 1],
        ]),
        names,
      })[0],
    ).toMatch(/^warning pairs-repeated .*: pair 2$/);
  });

  it.skipIf(sharedIsAbsent('golden/folds'))(
    'finds nothing in the golden pairs (needs the shared data folder)',
    async () => {
      for (const name of ['pairs.bin', 'pairs.txt', 'many-pairs.csv']) {
        const pairs = await readFoldPairs(path.join(sharedFolder, 'golden/folds', name));
        expect(
          diagnoseFoldPairs(pairs, 10, name).map(({ code, evidence }) => `${code} ${evidence}`),
          name,
        ).toEqual([]);
      }
    },
  );
});

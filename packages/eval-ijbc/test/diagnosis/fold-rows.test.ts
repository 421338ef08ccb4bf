import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnoseFoldRows } from '../../src/diagnosis/fold-rows.js';
import { type FeatureRows, pairDistances } from '../../src/folds/pair-distances.js';
import { verify } from '../../src/verify/verify.js';

const pairCount = 80;
const dimensions = 32;
const rows = 2 * pairCount;

/** Features of 80 pairs, every second genuine: the second image is then the first with a little noise. */
function featuresOf(noise: number): Float32Array {
  const random = seededRandom(3);
  const values = new Float32Array(rows * dimensions);
  for (let pair = 0; pair < pairCount; pair++) {
    for (let i = 0; i < dimensions; i++) {
      const first = random() - 0.5;
      values[2 * pair * dimensions + i] = first;
      values[(2 * pair + 1) * dimensions + i] = pair % 2 === 0 ? first + noise * (random() - 0.5) : random() - 0.5;
    }
  }
  return values;
}

const pairs = {
  left: Int32Array.from({ length: pairCount }, (_, pair) => 2 * pair),
  right: Int32Array.from({ length: pairCount }, (_, pair) => 2 * pair + 1),
  labels: Uint8Array.from({ length: pairCount }, (_, pair) => (pair % 2 === 0 ? 1 : 0)),
};

function codesOf(values: Float32Array, width = dimensions, flippedValues?: Float32Array) {
  const features: FeatureRows = { place: 'features.npy', values, dimensions: width };
  const flipped = flippedValues && { place: 'flip.npy', values: flippedValues, dimensions: width };
  const distances = pairDistances(features, flipped, pairs);
  const { auc } = verify(
    distances.map((distance) => -distance),
    pairs.labels,
  );
  return diagnoseFoldRows({ features, ...(flipped === undefined ? {} : { flipped }), pairs, auc });
}

/** The rows in another order: row `to` holds the feature of image `from(to)`. */
function reorder(from: (to: number) => number): Float32Array {
  const values = featuresOf(0.3);
  return Float32Array.from(values, (_, i) => values[from(Math.floor(i / dimensions)) * dimensions + (i % dimensions)]);
}

describe('diagnoseFoldRows', () => {
  it('says of labels that are exchanged that they are, not that the rows stand elsewhere', () => {
    // An odd number of pairs: read in reverse, genuine pairs would still be genuine ones.
    const odd = pairCount - 1;
    const values = featuresOf(0.3).subarray(0, 2 * odd * dimensions);
    const features: FeatureRows = { place: 'features.npy', values, dimensions };
    const exchanged = {
      left: pairs.left.subarray(0, odd),
      right: pairs.right.subarray(0, odd),
      labels: pairs.labels.subarray(0, odd).map((label) => 1 - label),
    };
    const distances = pairDistances(features, undefined, exchanged);
    const { auc } = verify(
      distances.map((distance) => -distance),
      exchanged.labels,
    );
    expect(auc).toBeLessThan(0.1);
    const found = diagnoseFoldRows({ features, pairs: exchanged, auc });
    expect(found.map(({ code, level }) => `${level} ${code}`)).toEqual(['error labels-exchanged']);
  });

  it('finds nothing in rows in order, of sure and of weak features', () => {
    expect(codesOf(featuresOf(0.3))).toEqual([]);
    expect(codesOf(featuresOf(3))).toEqual([]);
  });

  it.each([
    ['moved by one', (to: number) => (to + 1) % rows, 'after it'],
    ['moved back by one', (to: number) => (to - 1 + rows) % rows, 'before it'],
    [
      'first images, then second ones',
      (to: number) => (to < pairCount ? 2 * to : 2 * (to - pairCount) + 1),
      'first half holds the first images',
    ],
    ['reversed', (to: number) => rows - 1 - to, 'in reverse'],
  ])('names rows %s', (_, from, evidence) => {
    const [first] = codesOf(reorder(from));
    expect(first).toMatchObject({ code: 'rows-misordered', level: 'error' });
    expect(first.evidence).toContain(evidence);
  });

  it('says that chance explains features at random', () => {
    const random = seededRandom(8);
    const [first] = codesOf(Float32Array.from({ length: rows * dimensions }, () => random() - 0.5));
    expect(first).toMatchObject({ code: 'scores-at-chance', level: 'warning' });
  });

  it('refuses twice as many rows, and rows that hold a feature and its mirrored twin; names equal mirrored features', () => {
    const values = featuresOf(0.3);
    const below = new Float32Array(2 * values.length);
    below.set(values);
    below.set(values, values.length);
    expect(codesOf(below)[0]).toMatchObject({ code: 'rows-unused', level: 'error' });
    const beside = new Float32Array(2 * values.length);
    for (let row = 0; row < rows; row++) {
      const own = values.subarray(row * dimensions, (row + 1) * dimensions);
      beside.set(own, 2 * row * dimensions);
      beside.set(
        own.map((value, i) => value + 0.01 * (i % 3)),
        (2 * row + 1) * dimensions,
      );
    }
    expect(codesOf(beside, 2 * dimensions)[0]).toMatchObject({ code: 'features-halves-unclear', level: 'error' });
    expect(codesOf(values, dimensions, values)[0]).toMatchObject({ code: 'features-mirrored-equal', level: 'warning' });
  });
});

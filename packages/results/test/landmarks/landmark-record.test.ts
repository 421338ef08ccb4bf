import { describe, expect, it } from 'vitest';
import { assertRecord, errorDraws, landmarkDifference } from '../../src/index.js';
import { landmarkRecord } from '../support/landmark-record.js';

const images = [
  { name: 'a', errors: [0.02, 0.06] },
  { name: 'b', errors: [] },
  { name: 'c', errors: [-1, 0.12] },
];

describe('a record of landmarks', () => {
  it('is valid where its numbers follow from the errors of its faces', () => {
    expect(() => assertRecord(landmarkRecord(images), 'r.json')).not.toThrow();
    expect(() => assertRecord(landmarkRecord([{ name: 'a', errors: [-1] }]), 'r.json')).not.toThrow();
  });

  const { landmarks } = landmarkRecord(images);
  it.each([
    ['a mean error', { matchedOnly: { ...landmarks?.matchedOnly, nme: 0.05 } }, 'landmarks.matchedOnly.nme'],
    ['a failure rate', { missesAsFailures: { ...landmarks?.missesAsFailures, failureRate: { '0.1': 0.25 } } }, '0.1'],
    ['the mean with misses', { nmeWithMissesAsOne: 0.07 }, 'nmeWithMissesAsOne'],
    ['the distribution', { ced: { error: [0, 0.05, 0.1, 0.15], share: [0, 0.25, 0.5, 0.5] } }, 'ced.share[3]'],
    ['an interval', { interval: { nme: [0.01, 0.02] as const } }, 'landmarks.interval.nme'],
    ['a mean of bins without bins', { meanOfBins: { yaw: 0.1 } }, 'landmarks.meanOfBins.yaw'],
    ['an image twice', { images: [...images, images[0]] }, 'landmarks.images'],
    ['a negative error', { images: [{ name: 'a', errors: [-0.5] }] }, 'landmarks.images'],
  ])('is refused where %s does not follow', (_, more, path) => {
    const record = landmarkRecord(images, more as Parameters<typeof landmarkRecord>[1]);
    expect(() => assertRecord(record, 'r.json')).toThrow(path);
  });

  it('is refused where it holds no landmarks', () => {
    const { landmarks: _, ...record } = landmarkRecord(images);
    expect(() => assertRecord(record, 'r.json')).toThrow(/landmarks: expected errors of landmarks/);
  });
});

describe('errorDraws(images, thresholds)', () => {
  it('draws whole images: with one image every draw is its own numbers', () => {
    // Mean (0.02 + 0.12) / 2; two of three fail at 0.1; area 0.08 / 3 / 0.1.
    const draws = errorDraws([{ name: 'a', errors: [0.02, 0.12, -1] }], [0.1], 3);
    expect(draws.nme).toEqual([0.07, 0.07, 0.07].map((value) => expect.closeTo(value, 12)));
    expect(draws['failureRate.0.1'][0]).toBeCloseTo(2 / 3, 12);
    expect(draws['auc.0.1'][0]).toBeCloseTo(0.08 / 3 / 0.1, 12);
  });

  it('the deviation of the draws is the standard error of a ratio of sums over images', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      name: String(i),
      errors: i % 3 === 0 ? [0.02 + (i % 7) / 100] : [0.03 + (i % 5) / 100, 0.05 + (i % 11) / 100],
    }));
    const { nme } = errorDraws(many, [0.1]);
    const faces = many.reduce((sum, { errors }) => sum + errors.length, 0);
    const mean = many.reduce((sum, { errors }) => sum + errors.reduce((a, b) => a + b), 0) / faces;
    // Linearised: each image adds (sum of errors - mean x faces) / all faces.
    const parts = many.map(({ errors }) => (errors.reduce((a, b) => a + b) - mean * errors.length) / faces);
    const expected = Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0));
    const centre = nme.reduce((a, b) => a + b) / nme.length;
    const deviation = Math.sqrt(nme.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (nme.length - 1));
    expect(deviation / expected).toBeGreaterThan(0.9);
    expect(deviation / expected).toBeLessThan(1.1);
  });
});

describe('landmarkDifference(baseline, record, name)', () => {
  const before = Array.from({ length: 60 }, (_, i) => ({ name: String(i), errors: [0.03 + (i % 9) / 100] }));

  it('is paired: the same change of every face has an interval far narrower than either number', () => {
    const after = before.map(({ name, errors }, i) => ({ name, errors: errors.map((e) => e + 0.001 + (i % 2) / 1e5) }));
    const found = landmarkDifference(landmarkRecord(before), landmarkRecord(after), 'nme');
    if (found.kind !== 'paired') throw new Error(found.why);
    expect(found.difference).toBeCloseTo(0.001005, 9);
    expect(found.interval[1] - found.interval[0]).toBeLessThan(1e-5);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.deciding).toBe(60);
  });

  it('nmeOfBoth is of the faces that both match: one that is missed changes the mean, and not the comparison', () => {
    const hard = { name: 'hard', errors: [0.5] };
    const [was, is] = [
      [...before, hard],
      [...before, { ...hard, errors: [-1] }],
    ];
    const own = landmarkDifference(landmarkRecord(was), landmarkRecord(is), 'nme');
    expect(own.kind === 'paired' && own.difference).toBeLessThan(-0.005);
    expect(landmarkDifference(landmarkRecord(was), landmarkRecord(is), 'nmeOfBoth')).toMatchObject({
      kind: 'paired',
      difference: 0,
      deciding: 60,
    });
  });

  it('two equal records differ by nothing', () => {
    expect(landmarkDifference(landmarkRecord(before), landmarkRecord(before), 'failureRate.0.1')).toMatchObject({
      kind: 'paired',
      difference: 0,
      differing: 0,
    });
  });

  it('says why records are not paired', () => {
    const fewer = landmarkRecord(before.slice(1));
    expect(landmarkDifference(landmarkRecord(before), fewer, 'nme')).toEqual({
      kind: 'not paired',
      why: 'the records are not of the same faces of the same images',
    });
    expect(landmarkDifference(landmarkRecord(before), landmarkRecord(before), 'auc.0.3')).toEqual({
      kind: 'not paired',
      why: 'a record has no auc.0.3',
    });
  });
});

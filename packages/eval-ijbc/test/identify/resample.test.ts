import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import type { Identification } from '../../src/identify/identify.js';
import { resampleIdentification } from '../../src/identify/resample.js';

const enrol = (rows: readonly (readonly [template: number, subject: number])[]) => ({
  templateIds: Int32Array.from(rows, ([template]) => template),
  subjectIds: Int32Array.from(rows, ([, subject]) => subject),
});

/** Probes 0 and 1 of subject 10 (found, missed), 2 of subject 11 (found), 3 of 12 and 4 of 13 (not enrolled). */
const probes = enrol([
  [20, 10],
  [21, 10],
  [22, 11],
  [23, 12],
  [24, 13],
]);
const galleries = [
  enrol([
    [1, 10],
    [2, 11],
  ]),
];
const result: Identification = {
  probes: 5,
  galleries: [
    {
      gallery: 2,
      mated: 3,
      nonMated: 2,
      tied: 0,
      hits: { '1': 2, '5': 3, '10': 3 },
      searches: {
        mated: [
          { probe: 0, rank: 1, found: 0.9 },
          { probe: 1, rank: 2, found: -Infinity },
          { probe: 2, rank: 1, found: 0.5 },
        ],
        nonMated: [
          { probe: 3, best: 0.6 },
          { probe: 4, best: 0.3 },
        ],
      },
    },
  ],
  rank: { '1': 2 / 3, '5': 1, '10': 1 },
  tpir: { '0.01': 1 / 3, '0.1': 1 / 3 },
};

/** Numbers that draw the given subjects (0 is 10, 1 is 11, 2 is 12, 3 is 13), one after the other. */
function drawing(...subjects: readonly number[]): () => number {
  let next = 0;
  return () => (subjects[next++ % subjects.length] + 0.5) / 4;
}

describe('resampleIdentification(result, probes, galleries, options)', () => {
  it('counts the probes of a subject as often as it was drawn, with thresholds of the draw', () => {
    // First draw 10, 10, 11, 13: mated weights 2, 2, 1; hits at rank 1 are 2 + 1 of 5. Only probe 4 decides the threshold, 0.3,
    // above which are both found ones: 3 of 5. Second draw 10, 11, 12, 13: as it is; the threshold is 0.6, above it 1 of 3.
    const drawn = resampleIdentification(result, probes, galleries, {
      resamples: 2,
      seed: 1,
      random: drawing(0, 0, 1, 3, 0, 1, 2, 3),
    });
    expect(drawn?.resampled.draws['rank.1']).toEqual([3 / 5, 2 / 3]);
    expect(drawn?.resampled.draws['rank.5']).toEqual([1, 1]);
    expect(drawn?.resampled.draws['tpir.0.1']).toEqual([3 / 5, 1 / 3]);
    expect(drawn?.resampled).toMatchObject({ units: 4, deciding: 2, seed: 1 });
  });

  it('draws again where a draw has no mated probe, or none that decides the threshold', () => {
    const drawn = resampleIdentification(result, probes, galleries, {
      resamples: 2,
      seed: 1,
      random: drawing(2, 2, 3, 3, 0, 0, 1, 1, 0, 0, 1, 3, 0, 1, 2, 3),
    });
    expect(drawn?.resampled.draws['rank.1']).toEqual([3 / 5, 2 / 3]);
  });

  it('gives intervals that hold the numbers, and the same digest for the same lists alone', () => {
    const at = (lists: typeof galleries) =>
      resampleIdentification(result, probes, lists, { resamples: 100, seed: 7, random: seededRandom(7) });
    const { rankInterval, tpirInterval, resampled } = at(galleries)!;
    for (const [interval, value] of [
      [rankInterval['1'], 2 / 3],
      [tpirInterval['0.01'], 1 / 3],
    ] as const) {
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
    expect(at(galleries)?.resampled).toEqual(resampled);
    expect(
      at([
        enrol([
          [1, 10],
          [3, 11],
        ]),
      ])?.resampled.sha256,
    ).not.toBe(resampled.sha256);
  });

  it('says nothing of one subject, or of legacy rules', () => {
    const options = { resamples: 2, seed: 1, random: seededRandom(1) };
    expect(
      resampleIdentification(
        result,
        enrol([
          [20, 10],
          [21, 10],
        ]),
        galleries,
        options,
      ),
    ).toBeUndefined();
    const [{ searches: _, ...legacy }] = result.galleries;
    expect(resampleIdentification({ ...result, galleries: [legacy] }, probes, galleries, options)).toBeUndefined();
  });
});

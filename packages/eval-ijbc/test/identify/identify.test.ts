import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { fpirCurve, identify } from '../../src/identify/identify.js';
import { identifyLegacy } from '../../src/identify/legacy.js';
import { TopValues } from '../../src/identify/top-values.js';
import { type Enrolment, readEnrolment } from '../../src/meta/enrolment.js';
import { indexTemplates } from '../../src/template/index-templates.js';
import { publishedPooling } from '../../src/template/options.js';
import { poolGolden, readGolden, readReference } from '../golden.js';
import { sharedIsAbsent } from '../shared.js';

const enrol = (rows: readonly (readonly [template: number, subject: number])[]): Enrolment => ({
  templateIds: Int32Array.from(rows, ([template]) => template),
  subjectIds: Int32Array.from(rows, ([, subject]) => subject),
});

/** Templates 1, 2, ... with the given features (their lengths do not matter for ranks). */
function searchOf(vectors: readonly (readonly number[])[], probes: Enrolment) {
  const ids = Int32Array.from(vectors, (_, i) => i + 1);
  return {
    templates: { count: ids.length, dimensions: 2, ids, vectors: Float64Array.from(vectors.flat()), zeroIds: [] },
    index: indexTemplates({ templateIds: ids, mediaIds: ids }),
    probes,
  };
}

describe('identify(input, galleries)', () => {
  // Gallery: template 1 of subject 10 at (1, 0), template 2 of subject 20 at (0, 1). Probes: 3 of subject 10 at
  // (0.9, 0.1): similarities 0.9, 0.1, rank 1; 4 of subject 20 at (0.6, 0.3): 0.6, 0.3, rank 2; 5 of subject 30 at
  // (0.2, 0.7), not enrolled: its best 0.7 is the threshold of any FPIR. TPIR: probe 3 of 2 mated ones.
  const vectors = [
    [1, 0],
    [0, 1],
    [0.9, 0.1],
    [0.6, 0.3],
    [0.2, 0.7],
  ];
  const gallery = enrol([
    [1, 10],
    [2, 20],
  ]);

  it('ranks mated probes and takes the threshold from non-mated ones', async () => {
    const probes = enrol([
      [3, 10],
      [4, 20],
      [5, 30],
    ]);
    const result = await identify(searchOf(vectors, probes), [gallery]);
    expect(result.rank).toEqual({ '1': 0.5, '5': 1, '10': 1 });
    expect(result.tpir).toEqual({ '0.01': 0.5, '0.1': 0.5 });
    expect(result.galleries[0]).toMatchObject({ gallery: 2, mated: 2, nonMated: 1 });
    expect(result.galleries[0].tpir!['0.1'].threshold).toBeCloseTo(0.7, 15);
  });

  it('a tie does not worsen the rank but is no identification', async () => {
    // Probe (0.5, 0.5) of subject 20 is as similar to both entries: rank 1, yet not above every other entry.
    const probes = enrol([
      [3, 20],
      [4, 30],
    ]);
    const tied = searchOf(
      [
        [1, 0],
        [0, 1],
        [0.5, 0.5],
        [0.1, 0.1],
      ],
      probes,
    );
    const result = await identify(tied, [gallery]);
    expect(result.rank['1']).toBe(1);
    expect(result.tpir!['0.1']).toBe(0);
  });

  it('has no TPIR where every probe is mated, instead of a number', async () => {
    const result = await identify(searchOf(vectors, enrol([[3, 10]])), [gallery]);
    expect(result.rank['1']).toBe(1);
    expect('tpir' in result || 'curve' in result).toBe(false);
  });

  it('refuses a gallery or probe template without images, a subject enrolled twice, and no mate at all', async () => {
    const search = searchOf(vectors, enrol([[3, 10]]));
    await expect(identify(search, [enrol([[99, 10]])])).rejects.toThrow(
      'gallery: expected templates with images, got 99',
    );
    await expect(identify({ ...search, probes: enrol([[98, 1]]) }, [gallery])).rejects.toThrow('probe: expected');
    const twice = enrol([
      [1, 10],
      [2, 10],
    ]);
    await expect(identify(search, [twice])).rejects.toThrow('got templates 1 and 2 of subject 10');
    await expect(identify({ ...search, probes: enrol([[3, 77]]) }, [gallery])).rejects.toThrow(
      'probes of enrolled subjects',
    );
  });
});

describe('TopValues', () => {
  it('keeps the highest values whatever comes when', () => {
    const random = seededRandom(4);
    for (const count of [1, 7, 40, 1000]) {
      const values = Array.from({ length: count }, () => Math.floor(random() * 50));
      const top = new TopValues(10);
      for (const value of values) top.add(value);
      expect([...top.descending()]).toEqual(values.toSorted((a, b) => b - a).slice(0, 10));
    }
  });
});

describe.skipIf(sharedIsAbsent('golden/ijbc-small'))(
  '1:N equals the public scripts on golden/ijbc-small (needs the shared data folder)',
  async () => {
    const load = async () => {
      const golden = await readGolden();
      const galleries = await Promise.all(golden.meta.galleries.map(readEnrolment));
      const probes = await readEnrolment(golden.meta.probes!);
      const templates = await poolGolden(golden, publishedPooling);
      return { input: { templates, index: golden.index, probes }, galleries };
    };

    it('corrected rules: hits, thresholds and TPIR of each gallery along the whole curve, and the means', async () => {
      const { evals } = readReference().identification;
      const { input, galleries } = await load();
      const result = await identify(input, galleries);
      expect(result.probes).toBe(evals.query_num);
      [evals.g1, evals.g2].forEach((expected, i) => {
        const found = result.galleries[i];
        expect(found.hits).toEqual({ '1': expected.top1, '5': expected.top5, '10': expected.top10 });
        expect(found.curve).toEqual(expected.tpir);
        expect(found.tpir!['0.1'].threshold).toBeCloseTo(expected.thresh[75], 9);
      });
      fpirCurve.forEach((fpir, i) => {
        expect(fpir).toBeCloseTo(evals.fars[i], 12);
        expect(result.curve![i]).toBeCloseTo(evals.mean_tpir[i], 12);
      });
      expect(result.rank).toEqual({ '1': evals.mean_top1, '5': evals.mean_top5, '10': evals.mean_top10 });
      expect(result.tpir!['0.01']).toBeCloseTo(evals.mean_tpir[50], 12);
      expect(result.tpir!['0.1']).toBeCloseTo(evals.mean_tpir[75], 12);
    });

    it('legacy rules: the printed figures of the older script', async () => {
      const { legacy } = readReference().identification;
      const { input, galleries } = await load();
      const result = await identifyLegacy(input, galleries);
      const { '0.01': low, '0.1': high } = result.galleries[0].tpir!;
      const line = (far: string, at: { tpir: number; threshold: number }) =>
        `far = ${far} pr = ${at.tpir.toFixed(10)} th = ${at.threshold.toFixed(10)}`;
      expect(legacy).toEqual(
        expect.arrayContaining([
          `top1 = ${result.rank['1']}`,
          `top5 = ${result.rank['5']}`,
          `top10 = ${result.rank['10']}`,
          line('0.0100000000', low),
          line('0.1000000000', high),
        ]),
      );
    });
  },
);

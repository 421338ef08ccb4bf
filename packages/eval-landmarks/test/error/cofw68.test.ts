import { cumulativeErrors, summariseErrors } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { faceErrors } from '../../src/error/face-errors.js';
import type { NormaliserName } from '../../src/error/normaliser.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';
import { setOfArray } from '../../src/set/set-of-array.js';
import { toFive } from '../../src/set/to-five.js';
import { goldenArray, goldenJson, hasGolden } from '../support/shared.js';

interface Summary {
  readonly faces: number;
  readonly nme: number;
  readonly median: number;
  readonly deviation: number;
  readonly failureRate: Readonly<Record<string, number>>;
  readonly auc: Readonly<Record<string, { readonly exact: number }>>;
  readonly ced: Readonly<Record<string, number>>;
  readonly visibleOnlyNme: number;
  readonly 'visibleOnlyFailureRate0.10': number;
}

type Reference = Readonly<
  Record<
    'tcdcn' | 'sapm',
    Readonly<Record<string, Summary>> & {
      readonly 'perPointNme (outer-corners)': readonly number[];
      readonly 'fivePoint (eye centres, nose 30, mouth 48 54; over eye-centre distance)': Summary;
    }
  >
>;

/** NumPy sums in another order. */
const rounding = 12;

/** The golden set's names of the normalisers. */
const golden: Readonly<Record<string, NormaliserName>> = {
  'outer-corners': 'outer-corners',
  'eye-centres': 'eye-centres',
  'points-box': 'points-box',
  'points-diagonal': 'points-diagonal',
  'given-box': 'box',
};

function annotation(): LandmarkSet {
  const occluded = goldenArray('cofw68/occluded.npy').values;
  const columns = goldenArray('cofw68/boxes-xywh.npy').values;
  const boxesXywh = new Float64Array(columns.length);
  // The file is in Fortran order: all x, all y, all widths, all heights.
  for (let face = 0; face < 507; face++) {
    for (let side = 0; side < 4; side++) boxesXywh[face * 4 + side] = columns[side * 507 + face];
  }
  return {
    ...setOfArray(goldenArray('cofw68/points.npy'), 'points.npy'),
    visibility: Uint8Array.from(occluded, (hidden) => (hidden === 1 ? 1 : 2)),
    boxesXywh,
  };
}

const rows = Int32Array.from({ length: 507 }, (_, face) => face);

function expectSummary(errors: Float64Array, expected: Summary): void {
  const summary = summariseErrors(errors, [0.08, 0.1]);
  expect(summary).toMatchObject({ faces: expected.faces, missed: 0 });
  expect(summary.nme).toBeCloseTo(expected.nme, rounding);
  expect(summary.median).toBeCloseTo(expected.median, rounding);
  expect(summary.deviation).toBeCloseTo(expected.deviation, rounding);
  for (const [key, threshold] of [
    ['0.08', '0.08'],
    ['0.10', '0.1'],
  ]) {
    expect(summary.failureRate[threshold]).toBeCloseTo(expected.failureRate[key], rounding);
    expect(summary.auc[threshold]).toBeCloseTo(expected.auc[key].exact, rounding);
  }
  const { error, share } = cumulativeErrors(errors, 0.15, 150);
  for (const [bound, value] of Object.entries(expected.ced)) {
    const at = error.findIndex((grid) => Math.abs(grid - Number(bound)) < 1e-9);
    expect(share[at], `CED at ${bound}`).toBeCloseTo(value, rounding);
  }
}

describe.skipIf(!hasGolden)('errors of two published methods on COFW68 (needs the shared data folder)', () => {
  const reference = hasGolden ? goldenJson<Reference>('cofw68/reference.json') : undefined;
  const truth = hasGolden ? annotation() : undefined;
  for (const method of ['tcdcn', 'sapm'] as const) {
    const predicted = hasGolden ? setOfArray(goldenArray(`cofw68/${method}.npy`), method) : undefined;
    for (const [name, normaliser] of Object.entries(golden)) {
      it(`${method} over ${name}: mean, median, deviation, failure rates, areas and distribution as NumPy has them`, () => {
        const expected = reference![method][name];
        expectSummary(faceErrors(truth!, predicted!, rows, normaliser, 'all').errors, expected);
        const visible = summariseErrors(faceErrors(truth!, predicted!, rows, normaliser, 'visible').errors, [0.1]);
        expect(visible).toMatchObject({
          nme: expect.closeTo(expected.visibleOnlyNme, rounding),
          failureRate: { '0.1': expect.closeTo(expected['visibleOnlyFailureRate0.10'], rounding) },
        });
      });
    }

    it(`${method}: the mean error of each point`, () => {
      const { perPoint } = faceErrors(truth!, predicted!, rows, 'outer-corners', 'all');
      const means = Array.from({ length: 68 }, (_, point) => {
        let sum = 0;
        for (let face = 0; face < 507; face++) sum += perPoint[face * 68 + point];
        return sum / 507;
      });
      reference![method]['perPointNme (outer-corners)'].forEach((nme, point) => {
        expect(means[point], `point ${point}`).toBeCloseTo(nme, rounding);
      });
    });

    it(`${method}: five points made of the 68`, () => {
      const [annotated, five] = [toFive(truth!, truth!.scheme), toFive(predicted!, predicted!.scheme)];
      expectSummary(
        faceErrors(annotated, five, rows, 'eye-centres', 'all').errors,
        reference![method]['fivePoint (eye centres, nose 30, mouth 48 54; over eye-centre distance)'],
      );
    });
  }

  it('the same points have 1.4 times the error over eye centres that they have over outer corners', () => {
    const predicted = setOfArray(goldenArray('cofw68/tcdcn.npy'), 'tcdcn');
    const nme = (normaliser: NormaliserName): number => {
      const summary = summariseErrors(faceErrors(truth!, predicted, rows, normaliser, 'all').errors, [0.1]);
      return summary.nme ?? 0;
    };
    // The benchmark's published 10.72 against 7.655.
    expect(nme('eye-centres') / nme('outer-corners')).toBeCloseTo(1.4, 2);
  });
});

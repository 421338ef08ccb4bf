import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Binning } from '../../src/calibration/bin-edges.js';
import { judgeErrors } from '../../src/calibration/judge-errors.js';
import { type CountedScores, countedScores, reliability } from '../../src/calibration/reliability.js';
import { classifyErrors } from '../../src/tide/classify.js';
import { goldenJson, goldenSet, sharedFolder } from '../golden-set.js';

interface ExpectedBins {
  readonly ece: number;
  readonly mce: number;
  readonly bins: readonly { low: number; high: number; count: number; meanScore: number; precision: number }[];
}
interface Expected extends Readonly<Record<string, unknown>> {
  readonly detections: number;
  readonly truePositives: number;
  readonly brier: number;
  readonly meanScore: number;
  readonly precision: number;
}

/** hotcoco and vernier agree with NumPy to 1e-15; sums in another order. */
const digits = 12;

const binnings: Readonly<Record<string, Binning>> = {
  'equal-width': 'equal-width',
  quantile: 'quantile',
  'equal-width over the observed range': 'observed-range',
};

const caps = { maxDets100: 100, noCap: undefined } as const;

describe.skipIf(!existsSync(path.join(sharedFolder, 'golden/calibration')))(
  'reliability on 151 WIDER FACE images (skipped without the shared data folder)',
  () => {
    for (const variant of ['counted', 'all'] as const) {
      for (const cap of ['maxDets100', 'noCap'] as const) {
        const reference = (): Expected =>
          goldenJson<{ variants: Record<string, Record<string, Expected>> }>('calibration', 'reference.json').variants[
            variant
          ][cap];
        const counted = (): CountedScores => {
          const set = goldenSet(variant, caps[cap]);
          return countedScores(judgeErrors(classifyErrors(set), set.ranked, set.faces.start));
        };

        it(`gives counts, Brier score, mean score and precision of ${variant}, ${cap}`, () => {
          const expected = reference();
          const own = counted();
          const result = reliability(own, 'equal-width', 10);
          expect(result.detections).toBe(expected.detections);
          expect(own.correct.reduce((sum, one) => sum + one, 0)).toBe(expected.truePositives);
          for (const key of ['brier', 'meanScore', 'precision'] as const) {
            expect(result[key]).toBeCloseTo(expected[key], digits);
          }
        });

        it(`gives ECE, MCE and every bin of three binnings, 10 and 15 bins, of ${variant}, ${cap}`, () => {
          const own = counted();
          for (const [name, binning] of Object.entries(binnings)) {
            for (const count of [10, 15]) {
              const expected = reference()[`${name}-${count}`] as ExpectedBins;
              const result = reliability(own, binning, count);
              expect(result.ece).toBeCloseTo(expected.ece, digits);
              expect(result.mce).toBeCloseTo(expected.mce, digits);
              expect(result.bins.map((bin) => bin.count)).toEqual(expected.bins.map((bin) => bin.count));
              expected.bins.forEach((bin, index) => {
                const { low, high, meanScore, precision } = result.bins[index];
                expect(low).toBeCloseTo(bin.low, digits);
                expect(high).toBeCloseTo(bin.high, digits);
                expect(meanScore).toBeCloseTo(bin.meanScore, digits);
                expect(precision).toBeCloseTo(bin.precision, digits);
              });
            }
          }
        });
      }
    }
  },
);

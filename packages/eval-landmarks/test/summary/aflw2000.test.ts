import { summariseErrors } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { faceErrors } from '../../src/error/face-errors.js';
import { setOfArray } from '../../src/set/set-of-array.js';
import { binFaces, yawBins } from '../../src/summary/bins.js';
import { goldenArray, goldenJson, hasGolden } from '../support/shared.js';

interface Binned {
  readonly counts: readonly number[];
  readonly nme: readonly number[];
  readonly deviation: readonly number[];
  readonly meanOfBins: number;
  readonly meanOfFaces: number;
}

const cases = [
  ['perturbed against points', 'points', 'prediction-perturbed', 'yaw'],
  ['points against points-reannotated', 'points-reannotated', 'points', 'yaw'],
  ['perturbed against points, yaw-second', 'points', 'prediction-perturbed', 'yaw-second'],
  ['points against points-reannotated, yaw-second', 'points-reannotated', 'points', 'yaw-second'],
] as const;

describe.skipIf(!hasGolden)('the rule of AFLW2000-3D (needs the shared data folder)', () => {
  it.each(cases)('%s: three bins by magnitude of yaw, and their mean', (name, truth, prediction, yaw) => {
    const expected = goldenJson<Record<string, Binned>>('aflw2000/reference.json')[name];
    const annotated = setOfArray(goldenArray(`aflw2000/${truth}.npy`), truth);
    const predicted = setOfArray(goldenArray(`aflw2000/${prediction}.npy`), prediction);
    const matches = Int32Array.from({ length: annotated.faces }, (_, face) => face);
    const { errors } = faceErrors(annotated, predicted, matches, 'points-box', 'all');
    const bins = binFaces('yaw', { kind: 'number', values: goldenArray(`aflw2000/${yaw}.npy`).values }, yawBins);
    expect([...bins.keys()]).toEqual(['|yaw| <= 30', '30 < |yaw| <= 60', '|yaw| > 60']);
    const summaries = [...bins.values()].map((faces) =>
      summariseErrors(
        Float64Array.from(faces, (face) => errors[face]),
        [0.1],
      ),
    );
    const nmes = summaries.map((summary) => summary.nme ?? Number.NaN);
    expect(summaries.map(({ faces }) => faces)).toEqual(expected.counts);
    nmes.forEach((nme, bin) => {
      expect(nme).toBeCloseTo(expected.nme[bin], 12);
      expect(summaries[bin]).toMatchObject({ deviation: expect.closeTo(expected.deviation[bin], 12) });
    });
    expect(nmes.reduce((sum, nme) => sum + nme, 0) / 3).toBeCloseTo(expected.meanOfBins, 12);
    expect(summariseErrors(errors, [0.1])).toMatchObject({ nme: expect.closeTo(expected.meanOfFaces, 12) });
  });
});

describe('binFaces(name, column, rule)', () => {
  it('a bound belongs to the bin below it, and an angle beyond 180 degrees is not wrapped: it falls into the last bin', () => {
    const values = Float64Array.from([30, -30, 30.001, 60, -351, Number.NaN]);
    expect(Object.fromEntries(binFaces('yaw', { kind: 'number', values }, yawBins))).toEqual({
      '|yaw| <= 30': [0, 1],
      '30 < |yaw| <= 60': [2, 3],
      '|yaw| > 60': [4],
    });
  });

  it('words are bins, sorted, and a face without one is in none', () => {
    const values = ['dark', undefined, 'bright', 'dark'];
    expect([...binFaces('light', { kind: 'word', values })]).toEqual([
      ['bright', [2]],
      ['dark', [0, 3]],
    ]);
  });

  it('refuses to split by a column of more than 100 values', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i);
    expect(() => binFaces('yaw', { kind: 'number', values })).toThrow(/at most 100 values to split by, got 101/);
  });
});

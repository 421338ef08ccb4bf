import { describe, expect, test } from 'vitest';
import { landmarkErrors, ProtocolError, ShapeError, summarizeNme } from '../../src/index.js';

describe('landmarkErrors', () => {
  const missing = new Array<number>(10).fill(-1);
  const truth = [30, 40, 70, 40, 50, 60, 35, 80, 65, 80];

  test('is the mean distance over sqrt(width * height)', () => {
    // Distances 5 (3-4-5), 0, 0, 0, 10: mean 3. Box 90 x 40: sqrt(3600) = 60. 3 / 60 = 0.05.
    const predicted = [33, 44, 70, 40, 50, 60, 35, 80, 65, 90];
    const out = landmarkErrors(
      new Float32Array(predicted),
      new Float32Array(truth),
      new Float32Array([0, 0, 90, 40]),
      new Float64Array(1),
    );
    expect(out[0]).toBeCloseTo(0.05, 12);
  });

  test('is the mean over the landmarks that are known', () => {
    // Nose and right mouth corner are not known. Distances 5 (3-4-5), 0, 1: mean 2. Box 90 x 40: 2 / 60.
    const partial = truth.with(4, Number.NaN).with(9, Number.NaN);
    const predicted = [33, 44, 70, 40, 0, 0, 35, 81, 0, 0];
    const [box, out] = [new Float32Array([0, 0, 90, 40]), new Float64Array(1)];
    expect(landmarkErrors(new Float32Array(predicted), new Float32Array(partial), box, out)[0]).toBeCloseTo(2 / 60, 7);
    const unknown = new Float32Array(10).fill(Number.NaN);
    expect(landmarkErrors(new Float32Array(predicted), unknown, box, out)[0]).toBe(-1);
  });

  test('marks faces without annotation or area with -1', () => {
    const out = landmarkErrors(
      new Float32Array([...truth, ...truth]),
      new Float32Array([...missing, ...truth]),
      new Float32Array([0, 0, 90, 40, 5, 5, 5, 5]),
      new Float64Array(2),
    );
    expect([...out]).toEqual([-1, -1]);
  });

  test('rejects lengths that do not fit', () => {
    expect(() =>
      landmarkErrors(new Float32Array(10), new Float32Array(20), new Float32Array(4), new Float64Array(1)),
    ).toThrow(ShapeError);
  });
});

describe('summarizeNme', () => {
  test('gives mean, failure rate and area under the cumulative curve', () => {
    // Errors 0.02, 0.06, 0.2 at threshold 0.1: mean 0.28 / 3; one failure of three;
    // area (0.08 + 0.04 + 0) / (0.1 * 3) = 0.4. The -1 takes no part.
    expect(summarizeNme(new Float64Array([0.02, -1, 0.06, 0.2]), 0.1)).toEqual({
      faces: 3,
      mean: expect.closeTo(0.28 / 3, 12),
      failureRate: expect.closeTo(1 / 3, 12),
      auc: expect.closeTo(0.4, 12),
    });
  });

  test('rejects a threshold that is not above 0', () => {
    expect(() => summarizeNme(new Float64Array([0.1]), 0)).toThrow(ProtocolError);
  });

  test('says why there is no number where no face is annotated', () => {
    expect(summarizeNme(new Float64Array([-1, -1]), 0.1)).toEqual({
      faces: 0,
      reason: 'no face has annotated landmarks',
    });
  });
});

import { ProtocolError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { pointScheme } from '../../src/points/point-scheme.js';
import { toFive } from '../../src/set/to-five.js';

describe('toFive(set, scheme)', () => {
  it('an eye is the mean of its points, and is not given where one of them is not', () => {
    const points = Float64Array.from({ length: 136 }, (_, at) => at);
    const set = { place: 'a', faces: 1, scheme: pointScheme(68), points, attributes: new Map() };
    // Points 36 to 41 are (72, 73) to (82, 83): their mean is (77, 78). Nose 30 is (60, 61), mouth 48 (96, 97), 54 (108, 109).
    expect([...toFive(set, set.scheme).points]).toEqual([77, 78, 89, 90, 60, 61, 96, 97, 108, 109]);
    points[80] = Number.NaN;
    expect([...toFive(set, set.scheme).points.slice(0, 4)]).toEqual([Number.NaN, 78, 89, 90]);
  });

  it('refuses points of which five are not known', () => {
    const set = { place: 'a', faces: 0, scheme: pointScheme(29), points: new Float64Array(0), attributes: new Map() };
    expect(() => toFive(set, set.scheme)).toThrow(ProtocolError);
  });
});

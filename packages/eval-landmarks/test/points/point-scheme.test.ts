import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { pointScheme, pointSchemes } from '../../src/points/point-scheme.js';
import { setOfArray } from '../../src/set/set-of-array.js';
import { goldenArray, hasGolden } from '../support/shared.js';

describe('pointScheme(count, id)', () => {
  it('is the known scheme of so many points, else one that knows only their number', () => {
    expect(pointScheme(68).id).toBe('ibug-68');
    expect(pointScheme(21)).toEqual({ id: 'points-21', count: 21 });
    expect(() => pointScheme(5, 'wflw-98')).toThrow(DatasetError);
    expect(() => pointScheme(5, 'six')).toThrow(/expected one of five, ibug-68/);
  });

  it.each(pointSchemes)(
    '$id: every point is in the mirror once, and its parts and eyes are among its points',
    (scheme) => {
      const mirrored = (scheme.mirrored ?? []).flat();
      expect(new Set(mirrored).size).toBe(mirrored.length);
      const named = [...mirrored, ...Object.values(scheme.groups ?? {}).flat(), ...(scheme.eyes ?? []).flat()];
      expect(named.every((point) => point >= 0 && point < scheme.count)).toBe(true);
      const [left, right] = scheme.outerCorners ?? [0, 1];
      expect(mirrored.indexOf(left) ^ 1).toBe(mirrored.indexOf(right));
    },
  );

  it.skipIf(!hasGolden)(
    'ibug-68: mirrored pairs lie symmetrically on frontal faces: the mirror image of each is nearest to its partner (needs the shared data folder)',
    () => {
      const { points } = setOfArray(goldenArray('aflw2000/points.npy'), 'points.npy');
      const yaw = goldenArray('aflw2000/yaw.npy').values;
      const mean = new Float64Array(136);
      const frontal = yaw.filter((angle) => Math.abs(angle) <= 5).length;
      for (let face = 0; face < yaw.length; face++) {
        if (Math.abs(yaw[face]) > 5) continue;
        const [x, y] = [points[face * 136 + 54], points[face * 136 + 55]];
        const size = Math.hypot(
          points[face * 136 + 72] - points[face * 136 + 90],
          points[face * 136 + 73] - points[face * 136 + 91],
        );
        for (let at = 0; at < 136; at += 2) {
          mean[at] += (points[face * 136 + at] - x) / size / frontal;
          mean[at + 1] += (points[face * 136 + at + 1] - y) / size / frontal;
        }
      }
      const scheme = pointScheme(68);
      for (const [left, right] of scheme.mirrored ?? []) {
        const distances = Array.from({ length: 68 }, (_, other) =>
          Math.hypot(-mean[left * 2] - mean[other * 2], mean[left * 2 + 1] - mean[other * 2 + 1]),
        );
        // Inner and outer corners of a mouth all but coincide.
        expect(distances[right], `mirror of ${left}`).toBeLessThan(Math.min(...distances) + 0.06);
      }
    },
  );
});

import { describe, expect, it } from 'vitest';
import type { NormaliserName } from '../../src/error/normaliser.js';
import { evaluateLandmarks } from '../../src/evaluate/evaluate-landmarks.js';
import { pairFaces } from '../../src/match/pair-faces.js';
import { fivePointPredictions, fivePointTruth } from '../support/five-point.js';
import { goldenJson, hasGolden } from '../support/shared.js';

interface Mode {
  readonly faces: number;
  readonly nme?: number;
  readonly median?: number;
  readonly missed?: number;
  readonly nmeWithMissesAsOne?: number;
  readonly failureRate: Readonly<Record<string, number>>;
  readonly auc: Readonly<Record<string, number>>;
  readonly ced: Readonly<Record<string, number>>;
}

interface Reference {
  readonly unmatchedDetections: number;
  readonly 'perPointNme (sqrt-wh, matched)': readonly number[];
  readonly normaliser: Readonly<Record<string, { readonly matchedOnly: Mode; readonly missesAsFailures: Mode }>>;
}

const normalisers: Readonly<Record<string, NormaliserName>> = {
  'sqrt-wh': 'box',
  diagonal: 'box-diagonal',
  'inter-ocular': 'eye-centres',
  'points-box': 'points-box',
};

const rounding = 12;

/** Failures and areas under thresholds as text, which the golden set pads: `0.10`. */
const unpadded = (values: Readonly<Record<string, number>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [String(Number(key)), expect.closeTo(value, rounding)]),
  );

describe.skipIf(!hasGolden)('five points of detections, matched at IoU 0.5 (needs the shared data folder)', () => {
  it.each(Object.entries(normalisers))('over %s, matched faces only and misses as failures', (name, normaliser) => {
    const reference = goldenJson<Reference>('five-point/reference.json');
    const [annotated, predicted] = [fivePointTruth(), fivePointPredictions()];
    const pairs = pairFaces(annotated, predicted, { iou: 0.5 });
    expect(pairs.protocol).toEqual({ pairing: 'iou', iou: 0.5, boxes: 'given' });
    const { result } = evaluateLandmarks(annotated, predicted, pairs, {
      normaliser,
      counted: 'all',
      thresholds: [0.08, 0.1],
      bins: new Map(),
      interval: true,
    });
    const { matchedOnly, missesAsFailures } = reference.normaliser[name];
    expect(result.unmatched).toBe(reference.unmatchedDetections);
    expect(result.matchedOnly).toMatchObject({
      faces: matchedOnly.faces,
      missed: 0,
      nme: expect.closeTo(matchedOnly.nme ?? Number.NaN, rounding),
      median: expect.closeTo(matchedOnly.median ?? Number.NaN, rounding),
      failureRate: unpadded(matchedOnly.failureRate),
      auc: unpadded(matchedOnly.auc),
    });
    expect(result.missesAsFailures).toMatchObject({
      faces: missesAsFailures.faces,
      missed: missesAsFailures.missed,
      failureRate: unpadded(missesAsFailures.failureRate),
      auc: unpadded(missesAsFailures.auc),
    });
    expect(result.nmeWithMissesAsOne).toBeCloseTo(missesAsFailures.nmeWithMissesAsOne ?? Number.NaN, rounding);
    for (const [bound, share] of Object.entries(missesAsFailures.ced)) {
      const at = result.ced.error.findIndex((error) => Math.abs(error - Number(bound)) < 1e-9);
      expect(result.ced.share[at], `CED at ${bound}`).toBeCloseTo(share, rounding);
    }
    if (name === 'sqrt-wh') {
      expect(result.perPoint).toEqual(
        reference['perPointNme (sqrt-wh, matched)'].map((nme) => expect.closeTo(nme, rounding)),
      );
    }
    const [low, high] = result.interval?.nme ?? [1, 0];
    expect(low).toBeLessThan(matchedOnly.nme ?? 0);
    expect(high).toBeGreaterThan(matchedOnly.nme ?? 1);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { judgeErrors } from '../../src/calibration/judge-errors.js';
import { type FoundThreshold, findThreshold, formatWanted, parseWanted } from '../../src/thresholds/find-threshold.js';
import { operatingCurve, operatingRates } from '../../src/thresholds/operating-curve.js';
import { operatingPoints } from '../../src/thresholds/operating-points.js';
import { classifyErrors } from '../../src/tide/classify.js';
import { goldenJson, goldenSet, sharedFolder } from '../golden-set.js';

/** Two images of 2 faces each. By score: 0.9 hit, 0.8 false, 0.7 hit, 0.7 false, 0.6 ignored, 0.5 hit. */
const judged = {
  start: Int32Array.of(0, 3, 6),
  scores: Float64Array.of(0.9, 0.7, 0.6, 0.8, 0.7, 0.5),
  outcomes: Uint8Array.of(1, 1, 2, 0, 0, 1),
  faces: Int32Array.of(2, 2),
};

function found(text: string): FoundThreshold {
  return findThreshold(operatingCurve(judged), parseWanted(text));
}

describe('operatingCurve', () => {
  it('counts at each distinct score, equal scores together, ignored detections left out', () => {
    expect(operatingCurve(judged)).toEqual({
      scores: Float64Array.of(0.9, 0.8, 0.7, 0.5),
      truePositives: Int32Array.of(1, 1, 2, 3),
      falsePositives: Int32Array.of(0, 1, 2, 2),
      faces: 4,
      images: 2,
    });
  });

  it('gives rates by their definition, and none that divides by nothing', () => {
    // 3 hits, 2 false positives, 4 faces, 2 images: F1 = 2 3 / (4 + 5).
    expect(operatingRates({ truePositives: 3, falsePositives: 2 }, 4, 2)).toEqual({
      precision: 0.6,
      recall: 0.75,
      f1: 6 / 9,
      fppi: 1,
    });
    expect(operatingRates({ truePositives: 0, falsePositives: 0 }, 0, 2)).toEqual({ fppi: 0 });
  });
});

describe('findThreshold', () => {
  it('takes the lowest score that holds a precision or an FPPI, the highest that reaches a recall or an F1', () => {
    // Precision: 1, 1/2, 1/2, 3/5. Recall: 1/4, 1/4, 1/2, 3/4. FPPI: 0, 1/2, 1, 1. F1: 2/5, 2/6, 4/8, 6/9.
    expect(found('precision=0.6')).toEqual({ found: true, point: { score: 0.5, truePositives: 3, falsePositives: 2 } });
    expect(found('precision=0.61')).toMatchObject({ point: { score: 0.9 } });
    expect(found('fppi=0.5')).toMatchObject({ point: { score: 0.8 } });
    expect(found('recall=0.5')).toMatchObject({ point: { score: 0.7 } });
    expect(found('f1=0.4')).toMatchObject({ point: { score: 0.9 } });
    expect(found('f1=best')).toMatchObject({ point: { score: 0.5 } });
    expect(found('score=0.75')).toEqual({ found: true, point: { score: 0.75, truePositives: 1, falsePositives: 1 } });
  });

  it('says what is reached where nothing gives what is wanted', () => {
    expect(found('recall=0.8')).toEqual({
      found: false,
      nearest: { score: 0.5, truePositives: 3, falsePositives: 2 },
      reached: 0.75,
    });
  });

  it('refuses what has no detection or no face', () => {
    const empty = {
      ...judged,
      start: Int32Array.of(0, 0, 0),
      scores: new Float64Array(0),
      outcomes: new Uint8Array(0),
    };
    expect(() => findThreshold(operatingCurve(empty), parseWanted('f1=best'))).toThrow(/no detection counts/);
    const faceless = { ...judged, outcomes: new Uint8Array(6), faces: Int32Array.of(0, 0) };
    expect(() => findThreshold(operatingCurve(faceless), parseWanted('recall=0.5'))).toThrow(/no face counts/);
  });
});

describe('parseWanted', () => {
  it('reads what formatWanted writes, and refuses the rest', () => {
    for (const text of ['precision=0.95', 'recall=1', 'fppi=2.5', 'f1=0.7', 'f1=best', 'score=-3']) {
      expect(formatWanted(parseWanted(text))).toBe(text);
    }
    for (const text of [
      'precision=1.2',
      'precision',
      'recall=0',
      'map=0.5',
      'recall=best',
      'f1=0.5=1',
      'score=',
      'fppi=-1',
    ]) {
      expect(() => parseWanted(text), text).toThrow(/wanted rate: expected precision=0.95/);
    }
  });
});

describe('operatingPoints', () => {
  it('holds the true precision of a detector in about 95 % of samples of images', () => {
    // A detection of at least 0.5 is right with probability 0.9, whatever the image: a true precision of 0.9.
    const random = seededRandom(11);
    let held = 0;
    const samples = 200;
    for (let sample = 0; sample < samples; sample++) {
      const images = 60;
      const data = {
        start: Int32Array.from({ length: images + 1 }, (_, image) => 5 * image),
        scores: new Float64Array(5 * images).fill(0.6),
        outcomes: Uint8Array.from({ length: 5 * images }, () => (random() < 0.9 ? 1 : 0)),
        faces: new Int32Array(images).fill(6),
      };
      const [row] = operatingPoints(data, [parseWanted('score=0.5')], { resamples: 200, seed: sample });
      const [low, high] = (row.found && row.point.interval?.precision) || [1, 0];
      if (low <= 0.9 && 0.9 <= high) held++;
    }
    expect(held / samples).toBeGreaterThan(0.91);
    expect(held / samples).toBeLessThan(1);
  });

  it('gives a share of 1 a width: 3 hits of 3 leave the precision open down to 0.29 (Clopper-Pearson, 0.025^(1/3))', () => {
    const data = {
      start: Int32Array.of(0, 3),
      scores: Float64Array.of(0.9, 0.8, 0.7),
      outcomes: Uint8Array.of(1, 1, 1),
      faces: Int32Array.of(3),
    };
    const [row] = operatingPoints(data, [parseWanted('score=0.5')], {});
    const interval = row.found ? row.point.interval : undefined;
    expect(interval?.precision?.[0]).toBeCloseTo(0.025 ** (1 / 3), 9);
    expect(interval?.precision?.[1]).toBe(1);
    expect(interval?.fppi).toEqual([0, -Math.log(0.025)]);
  });
});

describe.skipIf(!existsSync(path.join(sharedFolder, 'golden/coco')))(
  'operating points of 151 WIDER FACE images (skipped without the shared data folder)',
  () => {
    for (const variant of ['counted', 'all'] as const) {
      it(`gives hits, false positives, precision, recall, FPPI and F1 along the curve, and the best F1 (${variant})`, () => {
        const set = goldenSet(variant);
        const curve = operatingCurve(judgeErrors(classifyErrors(set), set.ranked, set.faces.start));
        const lines = readFileSync(path.join(sharedFolder, `golden/coco/operating-${variant}.csv`), 'utf8')
          .trim()
          .split('\n')
          .slice(1);
        let compared = 0;
        for (const line of lines) {
          const [rank, score, truePositives, falsePositives, precision, recall, fppi, f1] = line.split(',').map(Number);
          const at = curve.scores.indexOf(score);
          // The table goes on within equal scores; the curve takes them together.
          if (at < 0 || curve.truePositives[at] + curve.falsePositives[at] !== rank) continue;
          expect([curve.truePositives[at], curve.falsePositives[at]]).toEqual([truePositives, falsePositives]);
          const rates = operatingRates({ truePositives, falsePositives }, curve.faces, curve.images);
          expect(rates.precision).toBeCloseTo(precision, 9);
          expect(rates.recall).toBeCloseTo(recall, 9);
          expect(rates.fppi).toBeCloseTo(fppi, 9);
          expect(rates.f1).toBeCloseTo(f1, 9);
          compared++;
        }
        expect(compared).toBeGreaterThan(200);
        const { bestF1 } = goldenJson<{
          variants: Record<string, { operating: { bestF1: Readonly<Record<string, number>> } }>;
        }>('coco', 'reference.json').variants[variant].operating;
        expect(findThreshold(curve, { rate: 'f1', value: 'best' })).toEqual({
          found: true,
          point: {
            score: bestF1.threshold,
            truePositives: bestF1.truePositives,
            falsePositives: bestF1.falsePositives,
          },
        });
      });
    }
  },
);

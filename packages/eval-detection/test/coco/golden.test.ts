import { cocoIouThresholds } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { evaluateCoco } from '../../src/coco/evaluate-coco.js';
import { evaluatedFaces } from '../../src/faces/evaluated-faces.js';
import { defaultFaceSettings, type Treatment } from '../../src/faces/treatment.js';
import { cocoAreas, countedIn, matchFaces, outsideOf } from '../../src/match/match-faces.js';
import { type MatchingInput, prepareMatching } from '../../src/match/prepare-matching.js';
import { lastPointWithin, logAverageMissRate } from '../../src/operating/log-average-miss-rate.js';
import { bestF1, pointAt, pointAtScore, rankedOperatingCurve } from '../../src/operating/ranked-operating-curve.js';
import type { OperatingCurve } from '../../src/thresholds/operating-curve.js';
import { evaluateVoc } from '../../src/voc/evaluate-voc.js';
import { elevenPointAp, envelopeArea } from '../../src/voc/integrals.js';
import { type GoldenVariant, goldenRows, goldenSets, goldenVariant, hasGolden } from '../support/golden-coco.js';
import { inOrder } from '../support/synthetic.js';

/** The reference is compared to 1e-9; all agree to 1e-12. */
const digits = 12;

const variants = [
  ['counted', 'crowd'],
  ['all', 'count'],
] as const satisfies readonly (readonly ['counted' | 'all', Treatment])[];

describe.skipIf(!hasGolden).each(variants)('golden/coco, variant %s (needs the shared data folder)', (name, crowd) => {
  const input = (): MatchingInput => {
    const { annotations, predictions } = goldenSets();
    return prepareMatching(evaluatedFaces(annotations, { ...defaultFaceSettings, crowd }), inOrder(predictions));
  };
  const golden = (): GoldenVariant => goldenVariant(name);

  it('gives AP, AP by size and AR as pycocotools does, with 100 and with 1,000 detections per image', () => {
    const expected = golden();
    const of100 = evaluateCoco(input(), { maxDets: [1, 10, 100], influence: false }).values;
    const of1000 = evaluateCoco(input(), { maxDets: [1, 10, 100, 1000], influence: false }).values;
    for (const [values, reference] of [
      [of100, expected.maxDets100],
      [of1000, expected.maxDets1000],
    ]) {
      expect(values.ap).toBeCloseTo(reference.AP, digits);
      expect(values.ap50).toBeCloseTo(reference.AP50, digits);
      expect(values.ap75).toBeCloseTo(reference.AP75, digits);
      expect(values.apSmall).toBeCloseTo(reference.APsmall, digits);
      expect(values.apMedium).toBeCloseTo(reference.APmedium, digits);
      expect(values.apLarge).toBeCloseTo(reference.APlarge, digits);
    }
    for (const most of [1, 10, 100, 1000]) expect(of1000[`ar${most}`]).toBeCloseTo(expected.AR[most], digits);
    for (const [values, most] of [
      [of100, 100],
      [of1000, 1000],
    ] as const) {
      expect(values.arSmall).toBeCloseTo(expected.ARsmall[most], digits);
      expect(values.arMedium).toBeCloseTo(expected.ARmedium[most], digits);
      expect(values.arLarge).toBeCloseTo(expected.ARlarge[most], digits);
    }
    expect(of100['uncapped.ap50']).toBeCloseTo(expected.operating.AP101, digits);
  });

  const outcomesAt50 = (
    prepared: MatchingInput,
  ): { readonly outcomes: Uint8Array; readonly faces: number; readonly curve: OperatingCurve } => {
    const [all] = cocoAreas;
    const counted = countedIn(prepared, all);
    const faces = counted.reduce((sum, one) => sum + one, 0);
    const { outcomes } = matchFaces(prepared, counted, outsideOf(prepared, all), cocoIouThresholds[0]);
    const images = prepared.faces.start.length - 1;
    return { outcomes, faces, curve: rankedOperatingCurve(outcomes, prepared.ranked.scores, faces, images) };
  };

  it('gives three integrations of one curve', () => {
    const { outcomes, faces } = outcomesAt50(input());
    const expected = golden().operating;
    expect(envelopeArea(outcomes, faces)).toBeCloseTo(expected.APallPoint, digits);
    expect(elevenPointAp(outcomes, faces)).toBeCloseTo(expected.AP11point, digits);
  });

  it('gives the operating points of the reference', () => {
    const { curve } = outcomesAt50(input());
    const expected = golden().operating;
    const last = pointAt(curve, curve.scores.length - 1);
    expect([last.truePositives, last.falsePositives]).toEqual([expected.truePositives, expected.falsePositives]);
    const best = bestF1(curve);
    expect(best?.f1).toBeCloseTo(expected.bestF1.f1, digits);
    expect(best?.score).toBe(expected.bestF1.threshold);
    expect(best?.truePositives).toBe(expected.bestF1.truePositives);
    expect(best?.falsePositives).toBe(expected.bestF1.falsePositives);
    const half = pointAtScore(curve, 0.5);
    for (const key of ['precision', 'recall', 'f1', 'fppi'] as const) {
      expect(half?.[key]).toBeCloseTo(expected['at0.5'][key], digits);
    }
    const missRate = logAverageMissRate(curve);
    expect(missRate.value).toBeCloseTo(expected.logAverageMissRate.value, digits);
    missRate.missRates.forEach((rate, at) => {
      expect(rate).toBeCloseTo(expected.logAverageMissRate.missRate[at], digits);
    });
    for (const [fppi, recall] of Object.entries(expected.recallAtFppi)) {
      expect(pointAt(curve, lastPointWithin(curve, Number(fppi))).recall).toBeCloseTo(recall, digits);
    }
  });

  it('passes through the 250 points of the reference curve', () => {
    const { curve } = outcomesAt50(input());
    const rows = goldenRows(`operating-${name}.csv`);
    expect(rows.length).toBeGreaterThan(200);
    let compared = 0;
    for (const row of rows) {
      const point = pointAtScore(curve, row.score);
      // A row can stand within detections of one score.
      if (point?.truePositives !== row.true_positives || point.falsePositives !== row.false_positives) continue;
      compared++;
      expect(point.precision).toBeCloseTo(row.precision, 9);
      expect(point.recall).toBeCloseTo(row.recall, 9);
      expect(point.fppi).toBeCloseTo(row.fppi, 9);
      expect(point.f1).toBeCloseTo(row.f1, 9);
    }
    expect(compared).toBeGreaterThan(0.95 * rows.length);
  });

  it('gives both of the VOC APs, on continuous boxes and on boxes one pixel larger', () => {
    const prepared = input();
    for (const [rule, addedPx] of [
      ['continuous, IoU >= 0.5', 0],
      ['plus one, IoU >= 0.5', 1],
    ] as const) {
      const expected = golden().voc[rule];
      const result = evaluateVoc(prepared, { iou: 0.5, addedPx });
      expect(result?.allPoint).toBeCloseTo(expected.allPoint, digits);
      expect(result?.elevenPoint).toBeCloseTo(expected.elevenPoint, digits);
      expect(result?.truePositives).toBe(expected.truePositives);
      expect(result?.falsePositives).toBe(expected.falsePositives);
      expect(result?.dropped).toBe(expected.ignored);
    }
  });
});

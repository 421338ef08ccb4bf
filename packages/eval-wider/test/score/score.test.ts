import { readFileSync } from 'node:fs';
import { ProtocolError, seededRandom } from '@retinabench/core';
import { apOfCurve, type Split, splits, sumCurves } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import type { WiderGroundTruth } from '../../src/ground-truth/ground-truth.js';
import { loadGroundTruth } from '../../src/ground-truth/load.js';
import { restrictGroundTruth } from '../../src/ground-truth/restrict.js';
import type { WiderPredictions } from '../../src/predictions/predictions.js';
import { readPredictions } from '../../src/predictions/read-folder.js';
import { imageCurves } from '../../src/score/image-curves.js';
import { matchRun } from '../../src/score/match-run.js';
import { scoreRange, thresholdIndices } from '../../src/score/normalise.js';
import { type ScoringProtocol, scoringProtocol } from '../../src/score/protocol.js';
import { type RuleSet, ruleSets } from '../../src/score/rule-sets.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { shared, sharedIsAbsent } from '../shared-data.js';
import { type DetectionRow, face, predictionsOf, rowsOf, syntheticRun } from '../synthetic.js';

const python = scoringProtocol('python');

function score(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol = python,
): Record<Split, { ap: number | undefined; truePositives: number; proposals: number; faces: number }> {
  const run = matchRun(groundTruth, predictions, protocol);
  const entries = splits.map((split) => {
    const curve = sumCurves(imageCurves(run, groundTruth.counted[split]));
    const { truePositives, proposals, faces } = curve;
    return [split, { ap: apOfCurve(curve), truePositives: truePositives[999], proposals: proposals[999], faces }];
  });
  return Object.fromEntries(entries);
}

/** One image `e/a` with the faces, and a second, `e/z`, whose one detection has score 0 so that scores stay as they are. */
function small(faces: readonly ReturnType<typeof face>[], rows: readonly DetectionRow[]) {
  const groundTruth = buildGroundTruth(
    [
      { name: 'e/a', faces },
      { name: 'e/z', faces: [] },
    ],
    'test',
  );
  return score(
    groundTruth,
    predictionsOf({
      'e/a': rows,
      'e/z': [
        [0, 0, 1, 1, 0],
        [0, 0, 1, 1, 1],
      ],
    }),
  );
}

describe('matching', () => {
  it('counts the first detection of a face as found and the second as a false positive', () => {
    // Two faces, three detections: 0.9 hits face 1, 0.8 hits it again, 0.7 hits face 2.
    // Precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1: AP = 1/2 * 1 + 1/2 * 2/3 = 5/6.
    const result = small(
      [face([0, 0, 19, 19]), face([100, 0, 19, 19])],
      [
        [0, 0, 19, 19, 0.9],
        [1, 0, 19, 19, 0.8],
        [100, 0, 19, 19, 0.7],
      ],
    ).hard;
    expect(result.ap).toBeCloseTo(5 / 6, 12);
    expect(result).toMatchObject({ truePositives: 2, proposals: 3, faces: 2 });
  });

  it('drops detections of ignored faces, however many', () => {
    const result = small(
      [face([0, 0, 19, 19], []), face([100, 0, 19, 19])],
      [
        [0, 0, 19, 19, 0.9],
        [1, 0, 19, 19, 0.8],
        [100, 0, 19, 19, 0.7],
      ],
    ).hard;
    expect(result).toEqual({ ap: 1, truePositives: 1, proposals: 1, faces: 1 });
  });

  it('uses the + 1 convention: 10 x 10 pixels against 10 x 20 is exactly 0.5 and a hit', () => {
    // w = 9 means 10 pixels with + 1: 100 / 200 = 0.5. Without + 1 it would be 81 / 171 = 0.474.
    expect(small([face([0, 0, 9, 19])], [[0, 0, 9, 9, 0.9]]).hard.truePositives).toBe(1);
    expect(small([face([0, 0, 9, 20])], [[0, 0, 9, 9, 0.9]]).hard.truePositives).toBe(0);
  });

  it('gives a detection only to its best face, even if that is taken and another would do', () => {
    // Faces of 20 x 20 pixels at x = 0 and x = 4. The second detection, at x = 1, overlaps them by 19/21 and 17/23.
    const result = small(
      [face([0, 0, 19, 19]), face([4, 0, 19, 19])],
      [
        [0, 0, 19, 19, 0.9],
        [1, 0, 19, 19, 0.8],
      ],
    ).hard;
    expect(result).toMatchObject({ truePositives: 1, proposals: 2 });
  });

  it('takes the first of two faces with equal IoU', () => {
    const both = small([face([0, 0, 19, 19], []), face([0, 0, 19, 19])], [[0, 0, 19, 19, 0.9]]).hard;
    expect(both).toMatchObject({ truePositives: 0, proposals: 0 });
  });

  it('keeps false positives of images whose faces are all ignored, and drops those of images without faces', () => {
    const ignoredOnly = small([face([0, 0, 19, 19], ['hard'])], [[500, 500, 20, 20, 0.9]]);
    expect(ignoredOnly.easy).toEqual({ ap: undefined, truePositives: 0, proposals: 1, faces: 0 });
    const none = small([], [[500, 500, 20, 20, 0.9]]);
    expect(none.hard.proposals).toBe(0);
  });
});

describe('the three rule sets', () => {
  const groundTruth = buildGroundTruth([{ name: 'e/a', faces: [face([0, 0, 19, 19]), face([60, 0, 19, 19])] }], 'test');
  const unsorted = predictionsOf({
    'e/a': [
      [500, 500, 20, 20, 0.1],
      [0, 0, 19, 19, 0.9],
      [60, 0, 19, 19, 0.5],
      [500, 0, 20, 20, 0],
      [500, 200, 20, 20, 1],
    ],
  });

  it('differ on unsorted files: python takes in all that stands before the last score reached', () => {
    // In file order the last score is the best, so every threshold takes in all five: precision 2/5 at recall 1.
    expect(score(groundTruth, unsorted, python).hard.ap).toBeCloseTo(2 / 5, 12);
    // Sorted: false, true, true, ...: precision 1/2 and 2/3 at recall 1/2 and 1, so the envelope is 2/3.
    for (const protocol of [scoringProtocol('python', 'any'), scoringProtocol('matlab')]) {
      expect(score(groundTruth, unsorted, protocol).hard.ap).toBeCloseTo(2 / 3, 12);
    }
  });

  it('differ on IoU: matlab-int rounds corners and takes the first face at 0.5, not the best', () => {
    // The detection at x = 4 overlaps the face at x = 0 by 16/24 and the one at x = 5 by 19/21.
    const faces = buildGroundTruth([{ name: 'e/a', faces: [face([0, 0, 19, 19]), face([5, 0, 19, 19])] }], 'test');
    const rows: DetectionRow[] = [
      [4, 0, 19, 19, 0.9],
      [5, 0, 19, 19, 0.1],
    ];
    const predictions = predictionsOf({ 'e/a': rows });
    expect([...matchRun(faces, predictions, scoringProtocol('matlab')).matches.face]).toEqual([1, 1]);
    expect([...matchRun(faces, predictions, scoringProtocol('matlab-int')).matches.face]).toEqual([0, 0]);
  });

  it('rounds an integer IoU of half away from zero, and nothing below', () => {
    // 10 x 10 in 10 x 20 pixels: 100 / 200 rounds to 1. In 10 x 21: 100 / 210 rounds to 0.
    const faces = buildGroundTruth([{ name: 'e/a', faces: [face([0, 0, 9, 19]), face([50, 0, 9, 20])] }], 'test');
    const predictions = predictionsOf({
      'e/a': [
        [0, 0, 9, 9, 0.9],
        [50, 0, 9, 9, 0.1],
      ],
    });
    expect([...matchRun(faces, predictions, scoringProtocol('matlab-int')).matches.face]).toEqual([0, -1]);
  });
});

describe('normalisation', () => {
  it('starts at min 1 and max 0 in double precision, so that scores beyond 0..1 stay inside', () => {
    expect(scoreRange(Float64Array.of(3, 5), 'float64')).toEqual({ min: 1, max: 5 });
    expect(scoreRange(Float64Array.of(-3, -2), 'float64')).toEqual({ min: -3, max: 0 });
    expect(scoreRange(Float64Array.of(3, 5), 'float32')).toEqual({ min: 3, max: 5 });
  });

  it('refuses equal scores and no detections instead of 0/0', () => {
    expect(() => scoreRange(Float64Array.of(0, 0), 'float32')).toThrow(ProtocolError);
    expect(() => scoreRange(new Float64Array(0), 'float64')).toThrow(/got none; AP is not defined/);
  });

  it('finds the smallest t with s >= 1 - t / 1000 in double precision', () => {
    const random = seededRandom(3);
    const grid = Array.from({ length: 1001 }, (_, t) => 1 - t / 1000);
    const scores = Float64Array.from([...grid, ...grid.map((s) => s - 1e-16), ...grid.map(() => random())], (s) =>
      Math.max(s, 0),
    );
    const indices = thresholdIndices(scores, { min: 0, max: 1 }, 'float64');
    scores.forEach((s, index) => {
      const expected = grid.findIndex((threshold, t) => t >= 1 && s >= threshold);
      expect(indices[index]).toBe(expected);
    });
  });
});

describe('properties of AP', () => {
  const { groundTruth, predictions } = syntheticRun(1);
  const rows = rowsOf(predictions);
  const ap = score(groundTruth, predictions);

  it('is the same for any order of images and of files', () => {
    const reversed = predictionsOf(Object.fromEntries(Object.entries(rows).reverse()));
    expect(score(groundTruth, reversed)).toEqual(ap);
    const images = groundTruth.images.map((name, image) => ({ name, image })).reverse();
    const backwards = buildGroundTruth(
      images.map(({ name, image }) => ({ name, faces: annotated(groundTruth, image) })),
      'reversed',
    );
    expect(score(backwards, predictions)).toEqual(ap);
  });

  it('is that of the whole when the curves of shards are added up', () => {
    const range = matchRun(groundTruth, predictions, python).range;
    const shards = [0, 1, 2].map((shard) =>
      restrictGroundTruth(groundTruth, new Set(groundTruth.images.filter((_, image) => image % 3 === shard))),
    );
    for (const split of splits) {
      const curves = shards.map((part) =>
        sumCurves(imageCurves(matchRun(part, predictions, python, range), part.counted[split])),
      );
      const add = (key: 'proposals' | 'truePositives'): Float64Array =>
        curves[0][key].map((value, t) => value + curves[1][key][t] + curves[2][key][t]);
      const faces = curves.reduce((sum, curve) => sum + curve.faces, 0);
      expect(apOfCurve({ proposals: add('proposals'), truePositives: add('truePositives'), faces })).toBe(ap[split].ap);
    }
  });

  it('does not change when scores are scaled and shifted within 0..1', () => {
    const rescaled = { ...predictions, scores: predictions.scores.map((s) => s / 2 + 0.25) };
    for (const split of splits) expect(score(groundTruth, rescaled)[split].ap).toBeCloseTo(ap[split].ap ?? -1, 6);
  });

  it('never rises when a false positive of lowest score is added', () => {
    for (const name of groundTruth.images.slice(0, 10)) {
      const worse = predictionsOf({ ...rows, [name]: [...rows[name], [5000, 5000, 20, 20, 0.0200001]] });
      for (const split of splits) {
        expect(score(groundTruth, worse)[split].ap).toBeLessThanOrEqual((ap[split].ap ?? 0) + 1e-12);
      }
    }
  });

  it('is 1 for the ground truth itself', () => {
    const perfect = predictionsOf(
      Object.fromEntries(
        groundTruth.images.map((name, image) => [
          name,
          annotated(groundTruth, image).map(
            ({ box }, index): DetectionRow => [...box, 1 - index / 100] as unknown as DetectionRow,
          ),
        ]),
      ),
    );
    for (const split of splits) expect(score(groundTruth, perfect)[split].ap).toBeCloseTo(1, 12);
  });

  it('is the same under all rules within a few 1e-3 on sorted files with whole-number boxes', () => {
    const whole = { ...predictions, boxesXywh: predictions.boxesXywh.map(Math.trunc) };
    const reference = score(groundTruth, whole);
    for (const rules of ['matlab', 'matlab-int'] as const) {
      const other = score(groundTruth, whole, scoringProtocol(rules));
      for (const split of splits)
        expect(Math.abs((other[split].ap ?? 0) - (reference[split].ap ?? 1))).toBeLessThan(5e-3);
    }
  });
});

function annotated(groundTruth: WiderGroundTruth, image: number) {
  const { start, boxesXywh, counted } = groundTruth;
  return Array.from({ length: start[image + 1] - start[image] }, (_, index) => {
    const at = start[image] + index;
    return face(
      [...boxesXywh.subarray(4 * at, 4 * at + 4)],
      splits.filter((split) => counted[split][at] === 1),
    );
  });
}

interface GoldenResult {
  readonly predictions: string;
  readonly images: string;
  readonly rules: RuleSet;
  readonly ap: Record<Split, number>;
  readonly counts: Record<Split, { truePositives: number; proposals: number; faces: number }>;
  readonly scoreMin: number;
  readonly scoreMax: number;
  readonly detections: number;
}

const rows = [
  'predictions/retinaface-mnet025-original, all 3226',
  'predictions/retinaface-mnet025-original, quarter.txt (826)',
  'predictions/retinaface-mnet025-quarter-float, quarter.txt (826)',
].flatMap((run) => ruleSets.map((rules) => [run, rules] as const));

describe.skipIf(sharedIsAbsent)('golden/wider-ap.json (skips without the shared data folder)', () => {
  const groundTruth = sharedIsAbsent ? undefined : loadGroundTruth(shared('datasets', 'wider', 'ground_truth'));

  it.each(rows)('%s images, rules %s: AP within 1e-9, counts exactly', (goldenRun, rules) => {
    if (groundTruth === undefined) throw new Error('the shared data folder went away');
    const golden: readonly GoldenResult[] = JSON.parse(readFileSync(shared('golden', 'wider-ap.json'), 'utf8')).results;
    const expected = golden.find((row) => `${row.predictions}, ${row.images}` === goldenRun && row.rules === rules);
    if (expected === undefined) throw new Error(`golden/wider-ap.json has no row ${goldenRun}, ${rules}`);
    const protocol = scoringProtocol(expected.rules);
    const predictions = readPredictions(shared('datasets', 'wider', expected.predictions), protocol);
    const quarter = readFileSync(shared('datasets', 'wider', 'quarter.txt'), 'utf8')
      .trim()
      .split('\n');
    const images = new Set(quarter.map((name) => name.replace('.jpg', '')));
    const evaluated = expected.images.startsWith('all') ? groundTruth : restrictGroundTruth(groundTruth, images);
    const run = matchRun(evaluated, predictions, protocol);
    expect(run.range).toEqual({ min: expected.scoreMin, max: expected.scoreMax });
    expect(run.detections.scores.length).toBe(expected.detections);
    const result = score(evaluated, predictions, protocol);
    for (const split of splits) {
      const { ap, ...counts } = result[split];
      expect(Math.abs((ap ?? -1) - expected.ap[split])).toBeLessThan(1e-9);
      expect(counts).toEqual(expected.counts[split]);
    }
  });
});

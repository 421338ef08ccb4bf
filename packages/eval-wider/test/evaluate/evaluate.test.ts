import {
  apOfCurve,
  assertRecord,
  averagePrecision,
  curvesOfImages,
  pairedDifference,
  protocolId,
  type ResultRecord,
  splits,
  sumCurves,
} from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { heightBins } from '../../src/evaluate/breakdown.js';
import { evaluateWider, type WiderEvaluation } from '../../src/evaluate/evaluate.js';
import type { AnnotatedFace } from '../../src/ground-truth/build.js';
import type { FaceLabel } from '../../src/ground-truth/ground-truth.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { scoreWider } from '../../src/score/score.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { type DetectionRow, face, predictionsOf, rowsOf, syntheticRun } from '../synthetic.js';

const python = scoringProtocol('python');

function recordOf({ protocol, ...parts }: WiderEvaluation): ResultRecord {
  return {
    schemaVersion: 1,
    kind: 'wider',
    createdAt: '2024-01-01T00:00:00Z',
    environment: { cpu: 'x', cores: 1, memoryBytes: 1, os: 'x', node: 'x', packageVersions: {} },
    ...parts,
    protocol: { id: protocolId(protocol), ...protocol },
  };
}

const labelled = (
  box: readonly number[],
  labels: Partial<Record<FaceLabel, number>>,
  splits?: AnnotatedFace['splits'],
) => {
  const plain = face(box, splits);
  return { ...plain, labels: { ...plain.labels, ...labels } };
};

describe('evaluateWider', () => {
  const { groundTruth, predictions } = syntheticRun(3, 60);
  const evaluation = evaluateWider(groundTruth, predictions, python);

  it('makes a valid record, whose images give back AP exactly', () => {
    const record = assertRecord(JSON.parse(JSON.stringify(recordOf(evaluation))), 'test');
    expect(record.ap).toEqual(scoreWider(groundTruth, predictions, python));
    for (const split of splits) {
      expect(apOfCurve(sumCurves(curvesOfImages(record.images ?? [], split)))).toBe(record.ap?.[split]);
    }
  });

  it('gives intervals that hold AP, the same every time, and none where they are left out', () => {
    for (const split of splits) {
      const [low, high] = evaluation.interval?.[split] ?? [1, 0];
      expect(low).toBeLessThan(evaluation.ap[split] ?? 0);
      expect(high).toBeGreaterThan(evaluation.ap[split] ?? 1);
    }
    expect(evaluateWider(groundTruth, predictions, python)).toEqual(evaluation);
    expect(evaluateWider(groundTruth, predictions, python, { interval: false }).interval).toBeUndefined();
  });

  it('pairs two runs on the same images: a run that lost detections is worse beyond doubt', () => {
    const poorer = predictionsOf(
      Object.fromEntries(
        Object.entries(rowsOf(predictions)).map(([name, rows]) => [name, rows.filter((_, index) => index % 4 !== 0)]),
      ),
    );
    const differences = pairedDifference(recordOf(evaluation), recordOf(evaluateWider(groundTruth, poorer, python)));
    for (const split of splits) expect(differences[split]?.interval[1]).toBeLessThan(0);
  });

  it('leaves out AP, interval and curve of a split that counts no face', () => {
    const onlyHard = buildGroundTruth([{ name: 'e/a', faces: [face([0, 0, 20, 20], ['hard'])] }], 'test');
    const rows: DetectionRow[] = [
      [0, 0, 20, 20, 0.9],
      [500, 500, 20, 20, 0.1],
    ];
    const result = evaluateWider(onlyHard, predictionsOf({ 'e/a': rows }), python);
    expect(result.ap).toEqual({ hard: 1 });
    // One image says nothing of others.
    expect(result.interval).toEqual({ hard: [0, 1] });
    expect(result.curves.easy).toEqual({ precision: [], recall: [] });
    expect(result.images[0].apLost).toEqual({ hard: 0 });
    expect(() => assertRecord(recordOf(result), 'test')).not.toThrow();
  });
});

describe('the breakdown', () => {
  it('ignores faces outside the bin, drops their detections, and keeps false positives', () => {
    // Heights 10, 100 and 20; the last counts in no split. All three faces are found, and one detection finds none:
    // scores 0.9 (height 10), 0.8 (no face), 0.7 (height 100), 0.6 (ignored), 0.1 as the lowest, on the face found.
    const groundTruth = buildGroundTruth(
      [
        {
          name: 'e/a',
          faces: [
            labelled([0, 0, 10, 10], { blur: 2 }, ['hard']),
            labelled([100, 0, 100, 100], { blur: 0 }),
            labelled([300, 0, 20, 20], { blur: 0, invalid: 1 }, []),
          ],
        },
      ],
      'test',
    );
    const predictions = predictionsOf({
      'e/a': [
        [0, 0, 10, 10, 0.9],
        [700, 500, 30, 30, 0.8],
        [100, 0, 100, 100, 0.7],
        [300, 0, 20, 20, 0.6],
        [301, 0, 20, 20, 0.1],
      ],
    });
    const { breakdown } = evaluateWider(groundTruth, predictions, python);
    // Height < 16: the first proposal is a hit: AP 1. Height 64-128: a false positive, then the hit: AP 1/2.
    expect(breakdown.height).toEqual({
      '<16': { faces: 1, ap: 1, recall: 1 },
      '64-128': { faces: 1, ap: 0.5, recall: 1 },
    });
    expect(breakdown.blur).toEqual({ clear: { faces: 1, ap: 0.5, recall: 1 }, heavy: { faces: 1, ap: 1, recall: 1 } });
    // Event: both faces; precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1: AP = 1/2 + 1/2 * 2/3 = 5/6.
    expect(breakdown.event.e.ap).toBeCloseTo(5 / 6, 12);
  });

  it('evaluates an event on its own images alone', () => {
    const images = ['a/1', 'b/1'].map((name) => ({ name, faces: [face([0, 0, 20, 20])] }));
    const { breakdown } = evaluateWider(
      buildGroundTruth(images, 'test'),
      predictionsOf({
        'a/1': [[0, 0, 20, 20, 0.9]],
        'b/1': [
          [500, 500, 20, 20, 0.95],
          [0, 0, 20, 20, 0.1],
        ],
      }),
      python,
    );
    expect(breakdown.event).toEqual({ a: { faces: 1, ap: 1, recall: 1 }, b: { faces: 1, ap: 0.5, recall: 1 } });
  });

  it('puts a face of 16, 32, 64, 128 and 256 pixels into the bin that starts there', () => {
    const heights = [15.9, 16, 32, 64, 128, 256];
    const faces = heights.map((height, index) => face([400 * index, 0, 20, height]));
    const rows = heights.map((height, index): DetectionRow => [400 * index, 0, 20, height, 1 - index / 10]);
    const { breakdown } = evaluateWider(
      buildGroundTruth([{ name: 'e/a', faces }], 'test'),
      predictionsOf({ 'e/a': rows }),
      python,
    );
    expect(Object.keys(breakdown.height)).toEqual(heightBins);
    for (const bin of heightBins) expect(breakdown.height[bin].faces).toBe(1);
  });

  it('has the faces of hard in every division', () => {
    const { groundTruth, predictions } = syntheticRun(5);
    const { breakdown, counts } = evaluateWider(groundTruth, predictions, python);
    for (const bins of Object.values(breakdown)) {
      expect(Object.values(bins).reduce((sum, { faces }) => sum + faces, 0)).toBe(counts.hard.faces);
    }
  });
});

describe('what an image costs', () => {
  it('is AP with its faces found first and without its false positives, less AP', () => {
    // Image a: its face is found at 0.8. Image b: a false positive at 0.9 and its face missed. Image z has no face and
    // so adds nothing; it holds the scores in 0..1.
    const groundTruth = buildGroundTruth(
      [...['e/a', 'e/b'].map((name) => ({ name, faces: [face([0, 0, 20, 20])] })), { name: 'e/z', faces: [] }],
      'test',
    );
    const predictions = predictionsOf({
      'e/a': [[0, 0, 20, 20, 0.8]],
      'e/b': [[500, 500, 20, 20, 0.9]],
      'e/z': [
        [0, 0, 9, 9, 1],
        [0, 0, 9, 9, 0],
      ],
    });
    const { ap, images } = evaluateWider(groundTruth, predictions, python);
    // AP: precision 0, 1/2 at recall 0, 1/2: 1/4. With b perfect: both faces first, AP 1: lost 3/4.
    // With a perfect (found at threshold 1, before b's false positive): precision 1 at recall 1/2: AP 1/2, lost 1/4.
    expect(ap.hard).toBeCloseTo(1 / 4, 12);
    expect(images[1].apLost?.hard).toBeCloseTo(3 / 4, 12);
    expect(images[0].apLost?.hard).toBeCloseTo(1 / 4, 12);
  });

  it('is never negative and 0 for images that are perfect and score highest', () => {
    const { groundTruth, predictions } = syntheticRun(8, 30);
    const { images, counts } = evaluateWider(groundTruth, predictions, python);
    for (const { apLost } of images) for (const split of splits) expect(apLost?.[split]).toBeGreaterThanOrEqual(0);
    expect(averagePrecision([counts.hard.faces], [counts.hard.faces], counts.hard.faces)).toBe(1);
  });
});

describe('misses and false positives at a score', () => {
  it('are counted with the detections of at least that score alone', () => {
    const groundTruth = buildGroundTruth(
      [{ name: 'e/a', faces: [face([0, 0, 20, 20]), face([100, 0, 20, 20]), face([200, 0, 20, 20], [])] }],
      'test',
    );
    const predictions = predictionsOf({
      'e/a': [
        [0, 0, 20, 20, 0.9],
        [1, 0, 20, 20, 0.8],
        [200, 0, 20, 20, 0.7],
        [500, 0, 20, 20, 0.6],
        [100, 0, 20, 20, 0.5],
        [600, 0, 20, 20, 0.4],
      ],
    });
    const at = (atScore: number) => evaluateWider(groundTruth, predictions, python, { atScore }).metrics;
    // At 0.5 both faces are found, with a duplicate and one detection on nothing; at 0.55 one face is missed.
    expect(at(0.5)).toMatchObject({ atScore: 0.5, 'misses.hard': 0, 'falsePositives.hard': 2 });
    expect(at(0.55)).toMatchObject({ 'misses.hard': 1, 'falsePositives.hard': 2 });
    expect(at(0)).toMatchObject({ 'misses.hard': 0, 'falsePositives.hard': 3 });
  });
});

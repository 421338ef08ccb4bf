import { ProtocolError, seededRandom, sha256Hex } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { temperatureMap } from '../../src/calibration/temperature.js';
import {
  type CountedScores,
  countNewTies,
  dealImages,
  defaultFaceSettings,
  evaluateDetection,
  fitScoreMap,
  imageMarks,
  metrics,
  parseScoreMap,
  scoreMapOf,
} from '../../src/index.js';
import { annotationsOf, inOrder, predictionsOf, type TestFace } from '../support/synthetic.js';

/** `count` detections of one score, of which the first `right` find a face, an image each. */
function detections(...groups: readonly (readonly [score: number, right: number, count: number])[]): CountedScores {
  const rows = groups.flatMap(([score, right, count]) =>
    Array.from({ length: count }, (_, at) => [score, at < right ? 1 : 0]),
  );
  return {
    scores: Float64Array.from(rows, ([score]) => score),
    correct: Uint8Array.from(rows, ([, correct]) => correct),
    start: Int32Array.from({ length: rows.length + 1 }, (_, at) => at),
  };
}

/** Every second image is of the fit. */
const alternate = (images: number): Uint8Array => Uint8Array.from({ length: images }, (_, at) => 1 - (at % 2));

describe('fitScoreMap', () => {
  it('finds the temperature of scores that are twice as sure as they may be, and takes their error away', () => {
    // 0.9 is right in 3 of 4, 0.1 in 1 of 4: sigmoid(logit(0.9) / T) = 3/4 is ln 9 / T = ln 3, so T = 2.
    // Before, |0.9 - 0.75| = |0.1 - 0.25| = 0.15 in both bins; after, nothing.
    // Each detection stands twice, once on each side.
    const own = detections([0.9, 3, 4], [0.1, 1, 4]);
    const twice: CountedScores = {
      scores: Float64Array.from([...own.scores].flatMap((score) => [score, score])),
      correct: Uint8Array.from([...own.correct].flatMap((correct) => [correct, correct])),
      start: Int32Array.from({ length: 17 }, (_, at) => at),
    };
    const { map, fitted, heldOut } = fitScoreMap(twice, alternate(16), {
      kind: 'temperature',
      binning: 'equal-width',
      bins: 10,
    });
    expect(map.kind).toBe('temperature');
    expect(map.kind === 'temperature' && map.temperature).toBeCloseTo(2, 8);
    expect(fitted).toEqual({ images: 8, detections: 8, right: 4 });
    expect(heldOut.before.ece).toBeCloseTo(0.15, 12);
    expect(heldOut.before.mce).toBeCloseTo(0.15, 12);
    expect(heldOut.after.ece).toBeCloseTo(0, 8);
    expect(heldOut.difference.ece).toBeCloseTo(-0.15, 8);
    // Brier: 0.75 x 0.01 + 0.25 x 0.81 = 0.21 before, 0.75 x 0.0625 + 0.25 x 0.5625 = 0.1875 after.
    expect(heldOut.difference.brier).toBeCloseTo(0.1875 - 0.21, 8);
    expect(heldOut.newTies).toBe(0);
  });

  it('measures on the held-out images what was fitted on the others: a fit that does not carry over is worse there', () => {
    // The images of the fit say that 0.8 is right in 1 of 4, the others that it is in 4 of 5.
    const fit = detections([0.8, 1, 4]);
    const held = detections([0.8, 4, 5]);
    const joined: CountedScores = {
      scores: Float64Array.from([...fit.scores, ...held.scores]),
      correct: Uint8Array.from([...fit.correct, ...held.correct]),
      start: Int32Array.from({ length: 10 }, (_, at) => at),
    };
    const { map, heldOut } = fitScoreMap(joined, Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0), {
      kind: 'isotonic',
      binning: 'equal-width',
      bins: 10,
    });
    expect(map).toEqual({ kind: 'isotonic', from: [0.8], to: [0.25] });
    expect(heldOut.before.ece).toBeCloseTo(0, 12);
    expect(heldOut.after.ece).toBeCloseTo(0.55, 12);
    expect(heldOut.difference.interval.ece[0]).toBeGreaterThan(0);
  });

  it('counts the detections that isotonic steps join', () => {
    const counted = detections([0.2, 0, 2], [0.4, 1, 2], [0.5, 1, 2], [0.9, 2, 2]);
    const all = { ...counted, start: Int32Array.of(0, 8) };
    const joined: CountedScores = {
      scores: Float64Array.from([...all.scores, ...all.scores]),
      correct: Uint8Array.from([...all.correct, ...all.correct]),
      start: Int32Array.of(0, 8, 16),
    };
    const { map, heldOut } = fitScoreMap(joined, Uint8Array.of(1, 0), {
      kind: 'isotonic',
      binning: 'equal-width',
      bins: 10,
    });
    // 0.4 and 0.5 are both right in half: one step.
    expect(map).toEqual({ kind: 'isotonic', from: [0.2, 0.4, 0.9], to: [0, 0.5, 1] });
    expect(heldOut.newTies).toBe(4);
  });

  it('refuses images of the fit without wrong detections, and held-out images without any', () => {
    const options = { kind: 'temperature', binning: 'equal-width', bins: 10 } as const;
    expect(() => fitScoreMap(detections([0.9, 4, 4]), alternate(4), options)).toThrow(/2 right and 0 wrong/);
    const none: CountedScores = { ...detections([0.9, 1, 2]), start: Int32Array.of(0, 2, 2) };
    expect(() => fitScoreMap(none, Uint8Array.of(1, 0), options)).toThrow(/held-out images, got none/);
  });
});

describe('scoreMapOf', () => {
  it('is the temperature map where logits are finite, and rises strictly up to 0 and 1', () => {
    for (const temperature of [0.5, 1, 2.5, 20]) {
      const map = scoreMapOf({ kind: 'temperature', temperature });
      for (const score of [1e-5, 0.02, 0.5, 0.97, 1 - 1e-5]) {
        expect(map(score)).toBeCloseTo(temperatureMap(temperature)(score), 14);
      }
      const nearEnds = [0, 1e-12, 1e-9, 5e-7, 1e-6, 2e-6, 0.5, 1 - 2e-6, 1 - 1e-6, 1 - 5e-7, 1 - 1e-8, 1];
      const mapped = nearEnds.map(map);
      expect(mapped.every((value, at) => at === 0 || value > mapped[at - 1])).toBe(true);
    }
  });

  it('names the flag for scores that are no shares', () => {
    expect(() => scoreMapOf({ kind: 'temperature', temperature: 2 })(1.5)).toThrow(
      /from 0 to 1, got 1.5.*--scores logit/,
    );
    expect(() => scoreMapOf({ kind: 'isotonic', from: [0], to: [1] })(Number.NaN)).toThrow(ProtocolError);
  });

  it('keeps every AP, the highest F1 and the miss rate under any temperature', () => {
    const random = seededRandom(7);
    const settings = { faces: defaultFaceSettings, metrics, maxDets: [1, 10, 100], iou: 0.5, atScore: 0.5 };
    for (let trial = 0; trial < 20; trial++) {
      const faces: Record<string, TestFace[]> = {};
      const rows: Record<string, number[][]> = {};
      for (let image = 0; image < 10; image++) {
        faces[image] = Array.from({ length: 6 }, (_, at) => ({ box: [at * 60, 10, 40, 40] }));
        rows[image] = faces[image].map(({ box }) => [box[0] + 25 * random(), ...box.slice(1), random() ** 3]);
        rows[image].push([500, 300, 40, 40, 1 - 1e-7 * random()], [500, 200, 40, 40, 1e-7 * random()]);
      }
      const annotations = annotationsOf(faces);
      const detected = inOrder(predictionsOf(rows));
      const map = scoreMapOf({ kind: 'temperature', temperature: 0.6 + 5 * random() });
      const scores = detected.scores.map(map);
      expect(countNewTies(detected.scores, scores)).toBe(0);
      const before = evaluateDetection(annotations, detected, settings).detection.values;
      expect(evaluateDetection(annotations, { ...detected, scores }, settings).detection.values).toEqual(before);
    }
  });
});

describe('dealImages', () => {
  const names = Array.from({ length: 21 }, (_, at) => `${at}.jpg`);

  it('deals the same images whatever their order, others under another seed', () => {
    const chosen = (images: readonly string[], seed: number): string[] => {
      const marks = dealImages(images, 0.5, seed);
      return images.filter((_, at) => marks[at] === 1).sort();
    };
    expect(chosen([...names].reverse(), 3)).toEqual(chosen(names, 3));
    expect(chosen(names, 4)).not.toEqual(chosen(names, 3));
    // Half of 21, rounded.
    expect(chosen(names, 3)).toHaveLength(11);
  });

  it('leaves an image on each side, and refuses one image', () => {
    expect([...dealImages(['a', 'b'], 0.99, 0)].sort()).toEqual([0, 1]);
    expect(() => dealImages(['a'], 0.5, 0)).toThrow(/at least two images/);
  });
});

describe('imageMarks', () => {
  it('are the same under another folder, extension, order of faces and rounding, and differ with a box', () => {
    const marks = (name: string, ...boxes: number[][]): readonly string[] =>
      imageMarks(annotationsOf({ [name]: boxes.map((box) => ({ box })) }), sha256Hex);
    const own = marks('a/x.jpg', [1, 2, 30, 40], [5, 6, 70, 80]);
    expect(marks('x.png', [5.2, 6, 70, 79.9], [1, 2, 30, 40])).toEqual(own);
    expect(marks('a/x.jpg', [1, 2, 30, 40])).not.toEqual(own);
    expect(marks('a/y.jpg', [1, 2, 30, 40], [5, 6, 70, 80])).not.toEqual(own);
  });
});

describe('parseScoreMap', () => {
  it('refuses a record, and steps that fall', () => {
    expect(() => parseScoreMap('{"schemaVersion":1,"kind":"detection"}', 'r.json')).toThrow(/r\.json: not a score map/);
    const { map, heldOut, fitted } = fitScoreMap(detections([0.9, 3, 8], [0.1, 1, 8]), alternate(16), {
      kind: 'isotonic',
      binning: 'equal-width',
      bins: 10,
    });
    const file = {
      scoreMap: 1,
      createdAt: '2026-01-01T00:00:00Z',
      map,
      fitted,
      heldOut,
      protocol: { id: 'x' },
      source: {
        predictions: { name: 'p', sha256: '0'.repeat(64) },
        annotations: { name: 'g', sha256: '0'.repeat(64) },
      },
      fittedOn: [],
      ap50: { before: 0.5, after: 0.5 },
      environment: { node: 'v20' },
    };
    expect(parseScoreMap(JSON.stringify(file), 'm.json').map).toEqual(map);
    const falling = { ...file, map: { kind: 'isotonic', from: [0.1, 0.9], to: [0.5, 0.2] } };
    expect(() => parseScoreMap(JSON.stringify(falling), 'm.json')).toThrow(/values that fall/);
  });
});

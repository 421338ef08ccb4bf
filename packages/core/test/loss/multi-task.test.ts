import { describe, expect, test } from 'vitest';
import {
  anchorPresets,
  type FaceAnnotations,
  generateAnchors,
  type HeadOutputs,
  type MultiTaskOptions,
  multiTaskLoss,
  multiTaskPresets,
  ProtocolError,
  positivesByFace,
  positivesByLevel,
  ShapeError,
} from '../../src/index.js';
import { seededNormal } from '../support/normal.js';
import { scene } from '../support/scene.js';

/** Largest relative error of an analytic gradient against central differences in float64. */
const toleranceGradient = 1e-5;

function randomHeads(rows: number, seed: number): Required<HeadOutputs> {
  const normal = seededNormal(seed);
  const draw = (length: number): Float64Array => Float64Array.from({ length }, () => 2 * normal());
  return { logits: draw(rows * 2), boxes: draw(rows * 4), landmarks: draw(rows * 10) };
}

function emptyHeads(rows: number): Required<HeadOutputs> {
  return {
    logits: new Float64Array(rows * 2),
    boxes: new Float64Array(rows * 4),
    landmarks: new Float64Array(rows * 10),
  };
}

const { paper, mnet } = multiTaskPresets;

describe('multiTaskLoss', () => {
  // One positive anchor (IoU 1), one background anchor far away.
  const anchors = new Float32Array([10, 10, 20, 20, 100, 100, 20, 20]);
  const face: FaceAnnotations = {
    boxesXyxy: new Float32Array([0, 0, 20, 20]),
    landmarks: new Float32Array([5, 6, 15, 6, 10, 10, 6, 15, 14, 15]),
  };

  test('is the weighted sum of its terms, each over the number of positives', () => {
    // Logits 0: ln 2 for the positive and ln 2 for the negative. Box offsets (0.5, 0, 0, 2) against target 0:
    // 0.125 + 1.5. Landmark targets with variances 1 are (5 - 10) / 20 = -0.25 and so on; predicting them costs 0, but
    // the first x is off by 3: 2.5.
    const target = [-0.25, -0.2, 0.25, -0.2, 0, 0, -0.2, 0.25, 0.2, 0.25];
    const landmarks = new Float64Array(20);
    landmarks.set(target);
    landmarks[0] += 3;
    const heads = { logits: new Float64Array(4), boxes: new Float64Array([0.5, 0, 0, 2, 9, 9, 9, 9]), landmarks };
    const loss = multiTaskLoss(heads, anchors, [face], paper);
    expect(loss.classification).toBeCloseTo(2 * Math.LN2, 12);
    expect(loss.box).toBeCloseTo(1.625, 12);
    expect(loss.landmark).toBeCloseTo(2.5, 6);
    expect(loss.pixel).toBe(0);
    expect(loss.total).toBeCloseTo(2 * Math.LN2 + 0.25 * 1.625 + 0.1 * 2.5, 6);
    expect([loss.positives, loss.annotatedPositives, loss.negatives]).toEqual([1, 1, 1]);
  });

  test('encodes targets with the variances of the network', () => {
    // A face 2 px right of the anchor: tx = 2 / (0.1 * 20) = 1, where variances 1 give 0.1.
    const shifted = { boxesXyxy: new Float32Array([2, 0, 22, 20]) };
    const heads = { logits: new Float64Array(4), boxes: new Float64Array([1, 0, 0, 0, 0, 0, 0, 0]) };
    expect(multiTaskLoss(heads, anchors, [shifted], mnet).box).toBeCloseTo(0, 6);
    expect(multiTaskLoss(heads, anchors, [shifted], paper).box).toBeCloseTo(0.5 * 0.9 ** 2, 6);
  });

  test('a landmark that is NaN takes no part, the others of its face do', () => {
    // The nose is not known, nor are both coordinates of the left mouth corner, of which only y is NaN. Predictions are
    // the targets of the test above, off by 3 (2.5) in the first x, by 1 (0.5) in both coordinates of the nose and of
    // the left mouth corner, and by 0.5 (0.125) in the last y.
    const partial = Float32Array.from(face.landmarks as Float32Array);
    partial[4] = partial[5] = partial[7] = Number.NaN;
    const landmarks = new Float64Array(20);
    landmarks.set([-0.25 + 3, -0.2, 0.25, -0.2, 1, 1, -0.2 + 1, 0.25 + 1, 0.2, 0.25 + 0.5]);
    const heads = { logits: new Float64Array(4), boxes: new Float64Array(8), landmarks };
    const gradients = emptyHeads(2);
    const loss = multiTaskLoss(heads, anchors, [{ ...face, landmarks: partial }], paper, gradients);
    expect(loss.landmark).toBeCloseTo(2.5 + 0.125, 6);
    expect(loss.annotatedPositives).toBe(1);
    // 0.1 / 1 positive times the slopes 1 and 0.5.
    const expected = [0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0.05];
    expected.forEach((value, at) => {
      expect(gradients.landmarks[at]).toBeCloseTo(value, 6);
    });
    expect(Number.isFinite(loss.total)).toBe(true);
  });

  test('a face all of whose landmarks are NaN has none', () => {
    const unknown = { ...face, landmarks: new Float32Array(10).fill(Number.NaN) };
    const loss = multiTaskLoss(randomHeads(2, 1), anchors, [unknown], mnet);
    expect([loss.landmark, loss.annotatedPositives]).toEqual([0, 0]);
  });

  test('a face without landmarks takes no part in the landmark term', () => {
    const bare = { boxesXyxy: face.boxesXyxy, landmarks: new Float32Array(10).fill(-1) };
    const heads = randomHeads(2, 1);
    const gradients = emptyHeads(2);
    const loss = multiTaskLoss(heads, anchors, [bare], paper, gradients);
    expect(loss.landmark).toBe(0);
    expect(loss.annotatedPositives).toBe(0);
    expect(gradients.landmarks.every((value) => value === 0)).toBe(true);
    expect(multiTaskLoss(heads, anchors, [{ boxesXyxy: face.boxesXyxy }], paper).total).toBe(loss.total);
  });

  test('divides the landmark term by all positives, or by those that have landmarks', () => {
    // Two faces on two anchors, the second without landmarks.
    const two = {
      boxesXyxy: new Float32Array([0, 0, 20, 20, 90, 90, 110, 110]),
      landmarks: new Float32Array([...(face.landmarks ?? []), ...new Array<number>(10).fill(-1)]),
    };
    const heads = randomHeads(2, 2);
    const all = multiTaskLoss(heads, anchors, [two], paper).landmark;
    const annotated = multiTaskLoss(heads, anchors, [two], { ...paper, landmarkDivisor: 'annotated' }).landmark;
    expect(annotated).toBeCloseTo(2 * all, 12);
  });

  test('images without faces give a loss of 0 and a gradient of 0, not 0 / 0', () => {
    const gradients = emptyHeads(2);
    const loss = multiTaskLoss(randomHeads(2, 3), anchors, [{ boxesXyxy: new Float32Array(0) }], paper, gradients);
    expect([loss.total, loss.positives, loss.negatives]).toEqual([0, 0, 0]);
    expect(Object.values(gradients).every((values) => values.every((value) => value === 0))).toBe(true);
  });

  test('the pixel term is plugged in, weighted, normalised, and its gradient made that of the total', () => {
    const gradient = new Float64Array([1, -2, 4]);
    const calls: number[][] = [];
    const loss = multiTaskLoss(randomHeads(2, 4), anchors, [face], paper, undefined, (...call) => {
      calls.push(call);
      return { value: 5, gradient };
    });
    expect(calls).toEqual([[0, 0, 0]]);
    expect(loss.pixel).toBe(5);
    const without = multiTaskLoss(randomHeads(2, 4), anchors, [face], paper);
    expect(loss.total - without.total).toBeCloseTo(0.01 * 5, 12);
    expect([...gradient]).toEqual([0.01, -0.02, 0.04]);
  });

  test.each<[string, MultiTaskOptions]>([
    ['paper', paper],
    ['mnet', mnet],
    [
      'beta 1/9, at least 20 negatives',
      { ...paper, beta: 1 / 9, mining: { negativesPerPositive: 1, minimumNegatives: 20 } },
    ],
  ])('its gradient equals central differences in float64: %s', (_, options) => {
    const grid = generateAnchors(anchorPresets.mnet025, 64, 32);
    const rows = (grid.length / 4) * 2;
    const faces = [
      scene(4, 50, { sidePx: 32, minimumPx: 8, maximumPx: 30 }),
      scene(2, 51, { sidePx: 32, minimumPx: 12, maximumPx: 30 }),
    ];
    const heads = randomHeads(rows, 5);
    const gradients = emptyHeads(rows);
    const { positives } = multiTaskLoss(heads, grid, faces, options, gradients);
    expect(positives).toBeGreaterThan(5);
    const step = 1e-5;
    for (const name of ['logits', 'boxes', 'landmarks'] as const) {
      let largest = 0;
      let error = 0;
      heads[name].forEach((value, at) => {
        // All that the gradient says moves the loss, and a sample of what it says does not.
        if (gradients[name][at] === 0 && at % 11 !== 0) return;
        heads[name][at] = value + step;
        const above = multiTaskLoss(heads, grid, faces, options).total;
        heads[name][at] = value - step;
        const below = multiTaskLoss(heads, grid, faces, options).total;
        heads[name][at] = value;
        largest = Math.max(largest, Math.abs(gradients[name][at]));
        error = Math.max(error, Math.abs((above - below) / (2 * step) - gradients[name][at]));
      });
      expect(largest).toBeGreaterThan(0);
      expect(error / largest).toBeLessThan(toleranceGradient);
    }
  });

  test('a batch is the sum of its images over the positives of the batch', () => {
    const grid = generateAnchors(anchorPresets.mnet025, 64, 64);
    const count = grid.length / 4;
    const faces = [scene(3, 60, { sidePx: 64, maximumPx: 60 }), scene(5, 61, { sidePx: 64, maximumPx: 60 })];
    const heads = randomHeads(count * 2, 6);
    const part = (image: number): HeadOutputs => ({
      logits: heads.logits.subarray(image * count * 2, (image + 1) * count * 2),
      boxes: heads.boxes.subarray(image * count * 4, (image + 1) * count * 4),
      landmarks: heads.landmarks.subarray(image * count * 10, (image + 1) * count * 10),
    });
    const batch = multiTaskLoss(heads, grid, faces, paper);
    const single = faces.map((annotations, image) => multiTaskLoss(part(image), grid, [annotations], paper));
    const summed = single.reduce((sum, { total, positives }) => sum + total * positives, 0);
    expect(batch.positives).toBe(single[0].positives + single[1].positives);
    expect(batch.total).toBeCloseTo(summed / batch.positives, 10);
  });

  test('rejects arrays that do not fit the batch and the anchors', () => {
    const heads = emptyHeads(2);
    expect(() => multiTaskLoss(emptyHeads(3), anchors, [face], paper)).toThrow(/logits \[1, 2, 2\].*lengths 6/);
    expect(() => multiTaskLoss(heads, anchors, [face, face], paper)).toThrow(ShapeError);
    expect(() => multiTaskLoss(heads, anchors, [face], paper, emptyHeads(3))).toThrow(/gradients/);
    const { landmarks: _, ...bare } = emptyHeads(2);
    expect(() => multiTaskLoss(heads, anchors, [face], paper, bare)).toThrow(/landmarks exactly if/);
    const odd = { boxesXyxy: new Float32Array(4), landmarks: new Float32Array(9) };
    expect(() => multiTaskLoss(heads, anchors, [odd], paper)).toThrow(/faces of image 0/);
    expect(() => multiTaskLoss(heads, anchors, [face], { ...paper, beta: 0 })).toThrow(ProtocolError);
  });
});

describe('positives', () => {
  test('are counted by level and by face', () => {
    const faceOfAnchor = new Int32Array([0, -1, 1, 1, -2, 1]);
    expect(positivesByLevel(faceOfAnchor, [2, 3, 1])).toEqual([1, 2, 1]);
    expect([...positivesByFace({ faceOfAnchor, bestIouOfFace: new Float64Array(3) })]).toEqual([1, 3, 0]);
    expect(() => positivesByLevel(faceOfAnchor, [2, 3])).toThrow(ShapeError);
  });
});

import { describe, expect, test } from 'vitest';
import {
  anchorPresets,
  boxIou,
  generateAnchors,
  type Matches,
  type MatchOptions,
  match,
  matchPresets,
  ProtocolError,
  ShapeError,
  seededRandom,
  unmatched,
} from '../../src/index.js';
import { scene } from '../support/scene.js';

function run(anchors: Float32Array, boxes: Float32Array, options: MatchOptions): Matches & { positives: number } {
  const out = {
    faceOfAnchor: new Int32Array(anchors.length / 4),
    bestIouOfFace: new Float64Array(boxes.length / 4),
  };
  return { positives: match(anchors, boxes, options, out), ...out };
}

/** Matching written over the whole anchors x faces matrix, as SSD and the public code do. */
function matchByMatrix(anchors: Float32Array, boxes: Float32Array, options: MatchOptions): number[] {
  const corners = new Float64Array(anchors.length);
  for (let at = 0; at < anchors.length; at += 4) {
    const [cx, cy, w, h] = anchors.subarray(at, at + 4);
    corners.set([cx - w / 2, cy - h / 2, cx - w / 2 + w, cy - h / 2 + h], at);
  }
  const faces = boxes.length / 4;
  const best = new Array<number>(faces).fill(0);
  const bestAnchor = new Array<number>(faces).fill(-1);
  const assigned = Array.from({ length: anchors.length / 4 }, (_, anchor) => {
    let iou = 0;
    let face = -1;
    for (let candidate = 0; candidate < faces; candidate++) {
      const overlap = boxIou(corners, anchor, boxes, candidate, 0);
      if (overlap > iou) [iou, face] = [overlap, candidate];
      if (overlap > best[candidate]) [best[candidate], bestAnchor[candidate]] = [overlap, anchor];
    }
    const positive = options.equality === 'above' ? iou > options.positiveIou : iou >= options.positiveIou;
    if (positive) return face;
    return iou < options.negativeIou ? unmatched.background : unmatched.ignored;
  });
  if (options.takeover === 'every-face') return publicLabels(assigned, best, bestAnchor, options);
  bestAnchor.forEach((anchor, face) => {
    if (anchor >= 0 && best[face] >= options.claimIou) assigned[anchor] = face;
  });
  return assigned;
}

/**
 * The last step of the public PyTorch code, line by line: the overlap of claimed anchors becomes 2, then every face, whatever
 * its overlap, becomes the truth of its best anchor, and anchors below the threshold are background.
 */
function publicLabels(
  assigned: readonly number[],
  best: readonly number[],
  bestAnchor: readonly number[],
  { claimIou }: MatchOptions,
): number[] {
  if (!best.some((iou) => iou >= claimIou)) return assigned.map(() => unmatched.background);
  const truth = [...assigned];
  const positive = assigned.map((face) => face >= 0);
  best.forEach((iou, face) => {
    if (iou >= claimIou) positive[bestAnchor[face]] = true;
  });
  best.forEach((_, face) => {
    truth[Math.max(bestAnchor[face], 0)] = face;
  });
  return truth.map((face, anchor) => (positive[anchor] ? face : unmatched.background));
}

describe('match', () => {
  // Anchors of side 10 at centres (5, 5), (15, 5), (25, 5), (35, 5): corners [0, 10], [10, 20], [20, 30], [30, 40] in x.
  const row = new Float32Array([5, 5, 10, 10, 15, 5, 10, 10, 25, 5, 10, 10, 35, 5, 10, 10]);

  test('splits anchors into positive, ignored and background by the thresholds of the paper', () => {
    // Face [0, 0, 16, 10]: IoU with anchor 0: 100 / 160 = 0.625 > 0.5, with anchor 1: 60 / 200 = 0.3, not below 0.3.
    // Anchors 2 and 3 do not overlap it.
    const { faceOfAnchor, bestIouOfFace, positives } = run(row, new Float32Array([0, 0, 16, 10]), matchPresets.paper);
    expect([...faceOfAnchor]).toEqual([0, unmatched.ignored, unmatched.background, unmatched.background]);
    expect(bestIouOfFace[0]).toBeCloseTo(0.625, 12);
    expect(positives).toBe(1);
  });

  test('equality is ignored by the paper and positive for the public code', () => {
    // Two equal anchors and a face that is the upper half of them: IoU exactly 0.5.
    const twins = new Float32Array([5, 5, 10, 10, 5, 5, 10, 10]);
    const half = new Float32Array([0, 0, 10, 5]);
    // The face claims the first; the second shows the threshold.
    expect([...run(twins, half, matchPresets.paper).faceOfAnchor]).toEqual([0, unmatched.ignored]);
    expect([...run(twins, half, { ...matchPresets.mnet, positiveIou: 0.5 }).faceOfAnchor]).toEqual([0, 0]);
  });

  test('a face claims its best anchor below the threshold', () => {
    // Face [12, 0, 16, 6]: overlap 24 with anchor 1, union 100: IoU 0.24.
    const face = new Float32Array([12, 0, 16, 6]);
    expect([...run(row, face, matchPresets.paper).faceOfAnchor]).toEqual([-1, 0, -1, -1]);
    expect([...run(row, face, matchPresets.mnet).faceOfAnchor]).toEqual([-1, 0, -1, -1]);
  });

  test('the public code leaves faces unclaimed whose best IoU is below 0.2', () => {
    // Face [12, 0, 15, 6]: 18 / 100 = 0.18.
    const face = new Float32Array([12, 0, 15, 6]);
    expect([...run(row, face, matchPresets.paper).faceOfAnchor]).toEqual([-1, 0, -1, -1]);
    expect([...run(row, face, matchPresets.mnet).faceOfAnchor]).toEqual([-1, -1, -1, -1]);
  });

  test('an anchor goes to the face that it overlaps best, of equals to the first; a claim goes to the last', () => {
    // Both faces are anchor 0 itself: IoU 1 each. The threshold gives it to face 0, the claims to face 0 then face 1.
    const equal = new Float32Array([0, 0, 10, 10, 0, 0, 10, 10]);
    expect(run(row, equal, matchPresets.paper).faceOfAnchor[0]).toBe(1);
    const unclaimed = { ...matchPresets.paper, claimIou: 2 };
    expect(run(row, equal, unclaimed).faceOfAnchor[0]).toBe(0);
  });

  test('under mnet a face that claims nothing takes over its best anchor where that is positive, as in the public code', () => {
    // Anchor [0, 0, 16, 16] is face 0 itself. Face 1, [4, 4, 10, 10], overlaps it by 36 of 256: 0.14, below 0.2.
    const anchor = new Float32Array([8, 8, 16, 16]);
    const faces = new Float32Array([0, 0, 16, 16, 4, 4, 10, 10]);
    expect([...run(anchor, faces, matchPresets.mnet).faceOfAnchor]).toEqual([1]);
    expect([...run(anchor, faces, { ...matchPresets.mnet, takeover: 'claimants' }).faceOfAnchor]).toEqual([0]);
    // Alone it makes no anchor positive; after face 0 in the list or before it, the later one has the anchor.
    expect([...run(anchor, faces.slice(4), matchPresets.mnet).faceOfAnchor]).toEqual([unmatched.background]);
    const turned = Float32Array.from([...faces.slice(4), ...faces.slice(0, 4)]);
    expect([...run(anchor, turned, matchPresets.mnet).faceOfAnchor]).toEqual([1]);
  });

  test('a face claims the first of its equally good anchors', () => {
    // Face [5, 0, 15, 10] overlaps anchors 0 and 1 by 50 of 150 each.
    const { faceOfAnchor } = run(row, new Float32Array([5, 0, 15, 10]), matchPresets.paper);
    expect([...faceOfAnchor]).toEqual([0, unmatched.ignored, -1, -1]);
  });

  test('faces without area, outside all anchors or not finite take no part', () => {
    const boxes = new Float32Array([3, 3, 3, 9, 9, 9, 5, 5, 900, 900, 910, 910, Number.NaN, 0, 10, 10]);
    const { faceOfAnchor, bestIouOfFace, positives } = run(row, boxes, matchPresets.paper);
    expect([...faceOfAnchor]).toEqual([-1, -1, -1, -1]);
    expect([...bestIouOfFace]).toEqual([0, 0, 0, 0]);
    expect(positives).toBe(0);
  });

  test('an image without faces is all background', () => {
    expect([...run(row, new Float32Array(0), matchPresets.paper).faceOfAnchor]).toEqual([-1, -1, -1, -1]);
  });

  test.each([
    ['few large faces', 5, { minimumPx: 100, maximumPx: 500 }],
    ['a group', 60, {}],
    ['a crowd', 400, { minimumPx: 6, maximumPx: 60 }],
    ['one face', 1, {}],
  ])('equals matching over the whole matrix: %s', (_, count, sizes) => {
    const anchors = generateAnchors(anchorPresets.mnet025, 640, 640);
    for (const preset of ['paper', 'mnet'] as const) {
      const { boxesXyxy } = scene(count, 30 + count, sizes);
      const options = matchPresets[preset];
      expect([...run(anchors, boxesXyxy, options).faceOfAnchor]).toEqual(matchByMatrix(anchors, boxesXyxy, options));
    }
  });

  test('equals matching over the whole matrix for integer faces, whose overlaps tie', () => {
    const anchors = generateAnchors(anchorPresets.mnet025, 128, 128);
    for (let seed = 0; seed < 20; seed++) {
      const boxes = scene(30, seed, { sidePx: 128, minimumPx: 8, maximumPx: 60 }).boxesXyxy.map(Math.round);
      for (const options of [matchPresets.paper, matchPresets.mnet]) {
        expect([...run(anchors, boxes, options).faceOfAnchor]).toEqual(matchByMatrix(anchors, boxes, options));
      }
    }
  });

  test('equals matching over the whole matrix for faces larger or smaller than every anchor', () => {
    // Anchors of two sides close to each other, some off the grid, shuffled, so that the first of equals may lie anywhere.
    const random = seededRandom(11);
    for (let round = 0; round < 40; round++) {
      const anchors = new Float32Array(4 * 400);
      for (let anchor = 0; anchor < 400; anchor++) {
        const side = random() < 0.8 ? 10 : 8 + Math.floor(4 * random());
        const place = (): number => 5 * Math.floor(20 * random()) + (random() < 0.2 ? random() : 0);
        anchors.set([place(), place(), side, round % 4 === 3 ? 10 + 20 * random() : 10], 4 * anchor);
      }
      // So many that most are compared after the pyramid is made.
      const boxes = new Float32Array(4 * 90);
      for (let face = 0; face < 90; face++) {
        const side = face % 4 === 0 ? 3 : 30 + Math.floor(80 * random());
        const [x, y] = [5 * Math.floor(20 * random()) - 20, 5 * Math.floor(20 * random()) - 20];
        boxes.set([x, y, x + side, y + (face % 3 === 0 ? side / 2 : side)], 4 * face);
      }
      for (const options of Object.values(matchPresets)) {
        expect([...run(anchors, boxes, options).faceOfAnchor]).toEqual(matchByMatrix(anchors, boxes, options));
      }
    }
  });

  test('700 faces on 102,300 anchors take a few megabytes, not the 286 of a float32 matrix', () => {
    const anchors = generateAnchors(anchorPresets.resnet, 640, 640);
    const { boxesXyxy } = scene(700, 40, { minimumPx: 6, maximumPx: 300 });
    const before = process.memoryUsage().arrayBuffers;
    const { positives } = run(anchors, boxesXyxy, matchPresets.paper);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
    expect(positives).toBeGreaterThan(700);
  });

  test('rejects lengths that do not fit and thresholds out of order', () => {
    const out = { faceOfAnchor: new Int32Array(4), bestIouOfFace: new Float64Array(1) };
    expect(() => match(row, new Float32Array(8), matchPresets.paper, out)).toThrow(ShapeError);
    expect(() => match(row.subarray(4), new Float32Array(4), matchPresets.paper, out)).toThrow(ShapeError);
    for (const wrong of [
      { negativeIou: 0.6 },
      { positiveIou: 1.1 },
      { negativeIou: -1 },
      { positiveIou: Number.NaN },
      { claimIou: Number.NaN },
    ]) {
      expect(() => match(row, new Float32Array(4), { ...matchPresets.paper, ...wrong }, out)).toThrow(ProtocolError);
    }
  });
});

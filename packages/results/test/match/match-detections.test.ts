import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { candidatePairs } from '../../src/match/candidate-pairs.js';
import { matchDetections } from '../../src/match/match-detections.js';
import { rankDetections } from '../../src/match/rank-detections.js';

type Box = readonly [x: number, y: number, w: number, h: number];

/** One image: faces, detections by descending score. */
function matchOne(
  faces: readonly Box[],
  detections: readonly Box[],
  roles: { readonly counted: readonly number[]; readonly crowd?: readonly number[] },
  threshold = 0.5,
): number[] {
  const crowd = roles.crowd === undefined ? undefined : Uint8Array.from(roles.crowd);
  const scores = Float64Array.from(detections, (_, index) => 1 - index / 100);
  const ranked = rankDetections(scores, { first: Int32Array.of(0), end: Int32Array.of(detections.length) });
  const pairs = candidatePairs(
    {
      start: Int32Array.of(0, faces.length),
      boxesXywh: Float64Array.from(faces.flat()),
      ...(crowd === undefined ? {} : { crowd }),
    },
    Float64Array.from(detections.flat()),
    ranked,
    threshold,
  );
  return [
    ...matchDetections(
      pairs,
      { counted: Uint8Array.from(roles.counted), ...(crowd === undefined ? {} : { crowd }) },
      threshold,
      new Int32Array(detections.length),
    ),
  ];
}

describe('matchDetections', () => {
  const face: Box = [0, 0, 10, 10];

  it('gives each counted face to one detection, the best', () => {
    expect(matchOne([face], [face, face], { counted: [1] })).toEqual([0, -1]);
  });

  it('takes the later of two faces of equal IoU', () => {
    // Each face shares 10 x 9 of its 100 with the detection: IoU 90 / 110.
    expect(
      matchOne(
        [
          [0, 1, 10, 10],
          [0, -1, 10, 10],
        ],
        [face],
        { counted: [1, 1] },
      ),
    ).toEqual([1]);
  });

  it('prefers a counted face of lower IoU to an ignored one', () => {
    // IoU 1 with the ignored face, 8 x 10 / 120 = 0.667 with the counted one.
    expect(matchOne([face, [2, 0, 10, 10]], [face, face], { counted: [0, 1] })).toEqual([1, 0]);
  });

  it('gives an ignored face to one detection and a crowd to any number, by the share of the detection', () => {
    const inside: Box = [1, 1, 2, 2];
    expect(matchOne([face], [face, face], { counted: [0] })).toEqual([0, -1]);
    // IoU 4 / 100; intersection / area of the detection 1.
    expect(matchOne([face], [inside, inside], { counted: [0] })).toEqual([-1, -1]);
    expect(matchOne([face], [inside, inside], { counted: [0], crowd: [1] })).toEqual([0, 0]);
  });

  it('takes an IoU that is exactly the threshold', () => {
    expect(matchOne([[0, 0, 10, 20]], [face], { counted: [1] }, 0.5)).toEqual([0]);
    expect(matchOne([face], [face], { counted: [1] }, 1)).toEqual([0]);
  });

  it('matches boxes without area to nothing', () => {
    expect(
      matchOne(
        [[0, 0, 0, 10], face],
        [
          [0, 0, 0, 10],
          [3, 3, 0, 0],
        ],
        { counted: [1, 1] },
      ),
    ).toEqual([-1, -1]);
  });
});

describe('candidatePairs', () => {
  it('finds the pairs that comparing every detection with every face finds, with far fewer overlaps', () => {
    const random = seededRandom(11);
    const box = (): number[] => [random() * 900, random() * 600, 4 + random() ** 3 * 200, 4 + random() ** 3 * 200];
    const near = (from: number[]): number[] => from.map((value) => value + (random() - 0.5) * 6);
    for (const crowdShare of [0, 0.3]) {
      const faces = Array.from({ length: 300 }, box);
      const detections = Array.from({ length: 600 }, (_, i) => (i < 300 ? near(faces[i]) : box()));
      const crowd = Uint8Array.from(faces, () => (random() < crowdShare ? 1 : 0));
      const ranked = rankDetections(Float64Array.from(detections, random), {
        first: Int32Array.of(0, 400),
        end: Int32Array.of(400, 600),
      });
      const start = Int32Array.of(0, 200, 300);
      const pairs = candidatePairs(
        { start, boxesXywh: Float64Array.from(faces.flat()), crowd },
        Float64Array.from(detections.flat()),
        ranked,
        0.3,
      );
      const found = [...ranked.detection].map((detection, rank) => [
        detection,
        [...pairs.face.slice(pairs.start[rank], pairs.start[rank + 1])].sort((a, b) => a - b),
      ]);
      const expected = [...ranked.detection].map((detection) => {
        const image = detection < 400 ? 0 : 1;
        return [
          detection,
          faces.flatMap((own, face) => {
            if (face < start[image] || face >= start[image + 1]) return [];
            const [x, y, w, h] = detections[detection];
            const [fx, fy, fw, fh] = own;
            const overlapW = Math.max(0, Math.min(x + w, fx + fw) - Math.max(x, fx));
            const overlapH = Math.max(0, Math.min(y + h, fy + fh) - Math.max(y, fy));
            if (!(w > 0 && h > 0)) return [];
            const shared = overlapW * overlapH;
            return shared / (crowd[face] === 1 ? w * h : w * h + fw * fh - shared) >= 0.3 ? [face] : [];
          }),
        ];
      });
      expect(found).toEqual(expected);
      expect(pairs.face.length).toBeGreaterThan(150);
      if (crowdShare === 0) expect(pairs.computed).toBeLessThan((400 * 200 + 200 * 100) / 5);
    }
  });

  it('refuses a minimum at which boxes that do not touch would pair', () => {
    const ranked = rankDetections(new Float64Array(0), { first: new Int32Array(0), end: new Int32Array(0) });
    expect(() =>
      candidatePairs({ start: Int32Array.of(0), boxesXywh: new Float64Array(0) }, new Float64Array(0), ranked, 0),
    ).toThrow(/above 0 and at most 1, got 0/);
  });
});

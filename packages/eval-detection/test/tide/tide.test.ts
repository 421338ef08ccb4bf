import { ProtocolError, seededRandom } from '@retinabench/core';
import { rankDetections } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { type ClassifiedErrors, classifyErrors, type TideInput } from '../../src/tide/classify.js';
import { decomposeErrors } from '../../src/tide/decompose.js';
import { decodeTypes, encodeTypes } from '../../src/tide/encode-types.js';
import { detectionTypes, errorTotals, errorTypes } from '../../src/tide/error-types.js';
import { lossesByGroup } from '../../src/tide/losses-by-group.js';
import { tideIntervals } from '../../src/tide/resampled-losses.js';

/** A face or detection: x, y, w, h, and for a detection its score. */
type Row = readonly number[];
interface Picture {
  readonly faces: readonly Row[];
  /** Which of the faces do not count. */
  readonly ignored?: readonly number[];
  readonly found: readonly Row[];
}

function inputOf(pictures: readonly Picture[]): TideInput & { readonly start: Int32Array } {
  const starts = (count: (picture: Picture) => number): Int32Array => {
    const start = new Int32Array(pictures.length + 1);
    pictures.forEach((picture, image) => {
      start[image + 1] = start[image] + count(picture);
    });
    return start;
  };
  const start = starts(({ faces }) => faces.length);
  const detections = starts(({ found }) => found.length);
  const rows = pictures.flatMap(({ found }) => found);
  const counted = pictures.flatMap(({ faces, ignored = [] }) =>
    faces.map((_, face) => (ignored.includes(face) ? 0 : 1)),
  );
  return {
    start,
    faces: {
      start,
      boxesXywh: Float64Array.from(pictures.flatMap(({ faces }) => faces.flat())),
      counted: Uint8Array.from(counted),
    },
    boxesXywh: Float64Array.from(rows.flatMap((row) => row.slice(0, 4))),
    ranked: rankDetections(
      Float64Array.from(rows, (row) => row[4]),
      {
        first: detections.slice(0, -1),
        end: detections.slice(1),
      },
    ),
  };
}

/**
 * One image of three faces of 10 x 10 that count and one that does not. Detections by score: 0.9 finds face 0 exactly; 0.8
 * is face 0 again, a duplicate; 0.7 lies half off face 1 (IoU 50 / 150 = 1/3), a localisation error that repairs it; 0.6 lies
 * on nothing; 0.5 is as 0.7, and repairs no more; 0.4 is on the ignored face. Nothing is near face 2.
 */
const hand: Picture = {
  faces: [
    [0, 0, 10, 10],
    [100, 0, 10, 10],
    [200, 0, 10, 10],
    [300, 0, 10, 10],
  ],
  ignored: [3],
  found: [
    [0, 0, 10, 10, 0.9],
    [0, 0, 10, 10, 0.8],
    [105, 0, 10, 10, 0.7],
    [500, 500, 10, 10, 0.6],
    [105, 0, 10, 10, 0.5],
    [300, 0, 10, 10, 0.4],
  ],
};

describe('classifyErrors', () => {
  it('tells each detection and each face apart: a hand-worked example', () => {
    const errors = classifyErrors(inputOf([hand]));
    const { hit, duplicate, localisation, background, ignored } = detectionTypes;
    expect([...errors.type]).toEqual([hit, duplicate, localisation, background, localisation, ignored]);
    expect([...errors.repairs]).toEqual([0, 0, 1, 0, 0, 0]);
    expect([...errors.face]).toEqual([0, 0, 1, -1, 1, -1]);
    expect(errors.bestIou[2]).toBeCloseTo(1 / 3, 12);
    expect([...errors.missed]).toEqual([0, 0, 1, 0]);
    expect([...errors.found]).toEqual([1, 0, 0, 0]);
  });

  it("counts an ignored detection as the error that it would be by tidecv's rule, and lets it repair", () => {
    const input = inputOf([
      {
        faces: [
          [0, 0, 10, 10],
          [4, 0, 10, 10],
        ],
        ignored: [1],
        // IoU 60 / 140 = 0.43 with the counted face, 1 with the ignored one.
        found: [[4, 0, 10, 10, 0.9]],
      },
    ]);
    const tidecv = classifyErrors(input, { rule: 'tidecv', foreground: 0.5, background: 0.1 });
    expect([tidecv.type[0], tidecv.repairs[0], tidecv.missed[0]]).toEqual([detectionTypes.localisation, 1, 0]);
    const clean = classifyErrors(input);
    expect([clean.type[0], clean.repairs[0], clean.missed[0]]).toEqual([detectionTypes.ignored, 0, 1]);
  });

  it('refuses thresholds that divide nothing', () => {
    const settings = { rule: 'clean', foreground: 0.5, background: 0.5 } as const;
    expect(() => classifyErrors(inputOf([hand]), settings)).toThrow(ProtocolError);
  });
});

describe('decomposeErrors', () => {
  it('says what each type costs: a hand-worked example', () => {
    // Three faces. Curve: one hit first, then false positives: precision 1 up to recall 1/3, that is 34 of 101 recalls.
    // Localisation put right: hits at 1 and 3 (duplicate between): precision 1, 2/3 up to 2/3: 34 + 33 2/3 = 56 of 101.
    // Missed put right: 2 faces, one found first: recalls up to 1/2: 51 of 101. All not found: 1 face of 1: AP 1.
    const result = decomposeErrors(inputOf([hand]));
    expect(result?.ap).toBeCloseTo(34 / 101, 12);
    expect(result?.lost.localisation).toBeCloseTo((56 - 34) / 101, 12);
    expect(result?.lost.missed).toBeCloseTo((51 - 34) / 101, 12);
    expect(result?.lost).toMatchObject({ both: 0, duplicate: 0, background: 0, falsePositive: 0 });
    expect(result?.lost.falseNegative).toBeCloseTo(67 / 101, 12);
    expect(result?.counts).toEqual({
      ...{ localisation: 2, both: 0, duplicate: 1, background: 1, missed: 1 },
      ...{ hits: 1, ignored: 1, falsePositives: 4, falseNegatives: 2 },
    });
    expect(result?.faces).toBe(3);
  });

  it('gives nothing where no face counts', () => {
    expect(decomposeErrors(inputOf([{ ...hand, ignored: [0, 1, 2, 3] }]))).toBeUndefined();
  });
});

/** Images at random: faces on a grid, detections on, near and off them. */
function randomPictures(images: number, seed: number): Picture[] {
  const random = seededRandom(seed);
  return Array.from({ length: images }, () => {
    const faces = Array.from({ length: 1 + Math.floor(4 * random()) }, (_, at) => [50 * at, 0, 20, 20]);
    const found = faces.flatMap(([x]) =>
      Array.from({ length: Math.floor(3 * random()) }, () => [x + 14 * random(), 6 * random(), 20, 20, random()]),
    );
    return { faces, found: [...found, [1000, 1000, 20, 20, random()]] };
  });
}

describe('tideIntervals', () => {
  const interval = (pictures: readonly Picture[], resamples: number) => {
    const input = inputOf(pictures);
    const errors = classifyErrors(input);
    const result = decomposeErrors(input);
    if (result === undefined) throw new Error('no faces');
    return { result, intervals: tideIntervals(result, errors, input.ranked, input.start, { resamples, seed: 1 }) };
  };

  it('of one image has no width: every draw is the image, and its fast curve gives what decomposeErrors gives', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [picture] = randomPictures(1, seed);
      const { result, intervals } = interval([picture], 2);
      for (const type of [...errorTypes, ...errorTotals]) {
        expect(intervals.lost[type][0], type).toBeCloseTo(result.lost[type], 9);
        expect(intervals.lost[type][1], type).toBeCloseTo(result.lost[type], 9);
      }
      expect(intervals.ap[1]).toBeCloseTo(result.ap, 9);
    }
  });

  it('holds its value, and is about half as wide on four times as many images', () => {
    const width = (images: number): number => {
      const { result, intervals } = interval(randomPictures(images, 9), 300);
      const [low, high] = intervals.lost.localisation;
      expect(low).toBeLessThanOrEqual(result.lost.localisation);
      expect(high).toBeGreaterThanOrEqual(result.lost.localisation);
      return high - low;
    };
    const ratio = width(100) / width(400);
    expect(ratio).toBeGreaterThan(1.5);
    expect(ratio).toBeLessThan(2.7);
  });
});

describe('lossesByGroup', () => {
  const halves = (input: TideInput, errors: ClassifiedErrors) =>
    lossesByGroup(errors, {
      names: ['left', 'right'],
      ofFace: Int32Array.from(input.faces.counted, (_, face) => (input.faces.boxesXywh[4 * face] < 75 ? 0 : 1)),
    });

  it('gives each error to the group of its face: a hand-worked example', () => {
    const input = inputOf([hand]);
    const { left, right } = halves(input, classifyErrors(input));
    // Face 0 and its duplicate are left; faces 1 and 2, both localisation errors and the miss are right.
    expect(left).toMatchObject({ faces: 1, counts: { hits: 1, duplicate: 1, localisation: 0, missed: 0 } });
    expect(right).toMatchObject({ faces: 2, counts: { hits: 0, duplicate: 0, localisation: 2, missed: 1 } });
    expect(right.lost.localisation).toBeCloseTo((56 - 34) / 101, 12);
    expect(right.lost.missed).toBeCloseTo((51 - 34) / 101, 12);
    expect(left.lost).toEqual({ localisation: 0, both: 0, duplicate: 0, missed: 0 });
  });

  it('gives the whole loss where one group has all, background among it', () => {
    const input = inputOf(randomPictures(50, 3));
    const errors = classifyErrors(input);
    const result = decomposeErrors(input);
    const { all } = lossesByGroup(errors, {
      names: ['all'],
      ofFace: new Int32Array(input.faces.counted.length),
      ofBackground: () => 0,
    });
    expect(all.counts).toEqual(result?.counts);
    for (const type of errorTypes) expect(all.lost[type]).toBeCloseTo(result?.lost[type] ?? Number.NaN, 12);
  });
});

describe('encodeTypes', () => {
  it('writes the detections of each image best first, repeated ones by their number', () => {
    const input = inputOf([
      hand,
      { faces: [], found: [] },
      {
        faces: [],
        found: [
          [0, 0, 5, 5, 0.3],
          [9, 9, 5, 5, 0.2],
        ],
      },
    ]);
    expect(encodeTypes(classifyErrors(input), input.ranked)).toEqual(['HDLBLI', '', '2B']);
    expect(decodeTypes('12H2BL').join('')).toBe('HHHHHHHHHHHHBBL');
    expect(decodeTypes('')).toEqual([]);
  });
});

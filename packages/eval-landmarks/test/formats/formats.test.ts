import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { parseLandmarks } from '../../src/formats/parse-landmarks.js';
import { type LandmarkFormat, recogniseFormat } from '../../src/formats/recognise.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';
import { toFive } from '../../src/set/to-five.js';
import { goldenArray, goldenJson, goldenText, hasGolden } from '../support/shared.js';

type Point = readonly [number, number];

interface Expected {
  readonly parsed: readonly {
    readonly image: string;
    readonly points?: readonly Point[];
    readonly first?: Point;
    readonly last?: Point;
    readonly rectX1Y1X2Y2?: readonly [number, number, number, number];
    readonly boxX1Y1X2Y2?: readonly [number, number, number, number];
    readonly boxSize?: number;
    readonly 'five (60-67, 68-75, 54, 76, 82)'?: readonly Point[];
    readonly [column: string]: unknown;
  }[];
}

interface ExpectedPts {
  readonly points: number;
  readonly first: Point;
  readonly last: Point;
  readonly mean: Point;
  readonly five?: readonly Point[];
}

const expected = <T>(name: string): T => goldenJson<Record<string, T>>('formats/expected.json')[name];

function read(name: string, format?: LandmarkFormat): LandmarkSet {
  const text = goldenText(`formats/${name}`);
  const found = format ?? recogniseFormat(text);
  if (found === undefined || found === 'ambiguous') throw new Error(`${name} is ${found}`);
  return parseLandmarks([{ name, text }], found, name);
}

const pointsOf = ({ points, scheme }: LandmarkSet, face: number): Point[] =>
  Array.from({ length: scheme.count }, (_, point) => {
    const at = (face * scheme.count + point) * 2;
    return [points[at], points[at + 1]];
  });

describe.skipIf(!hasGolden)('formats of landmarks (needs the shared data folder)', () => {
  it.each(['300vw-000006.pts', 'crlf.pts'])('%s: 68 points, counted from 1 in the file and from 0 here', (name) => {
    const { points, first, last, mean, five } = expected<ExpectedPts>(name);
    const set = read(name);
    const found = pointsOf(set, 0);
    expect(found).toHaveLength(points);
    const plusOne = ([x, y]: Point): unknown[] => [expect.closeTo(x - 1, 9), expect.closeTo(y - 1, 9)];
    expect(found[0]).toEqual(plusOne(first));
    expect(found.at(-1)).toEqual(plusOne(last));
    const meanOf = (axis: 0 | 1): number => found.reduce((sum, point) => sum + point[axis], 0) / points;
    expect([meanOf(0), meanOf(1)]).toEqual(plusOne(mean));
    if (five !== undefined) expect(pointsOf(toFive(set, set.scheme), 0)).toEqual(five.map(plusOne));
  });

  it('short.pts: refuses fewer points than it promises', () => {
    expect(() => read('short.pts')).toThrow(/short\.pts: expected 68 points, as n_points says, got 5\d/);
  });

  it.each(['wflw.txt', 'aflw19.csv', 'cascade5.txt', 'mtfl.txt', 'celeba-landmarks.txt'])('%s', (name) => {
    const set = read(name);
    const { parsed } = expected<Expected>(name);
    expect(set.images).toEqual(parsed.map(({ image }) => image));
    parsed.forEach((face, at) => {
      const points = pointsOf(set, at);
      if (face.points !== undefined) expect(points).toEqual(face.points);
      if (face.first !== undefined) expect(points[0]).toEqual(face.first);
      if (face.last !== undefined) expect(points.at(-1)).toEqual(face.last);
      const five = face['five (60-67, 68-75, 54, 76, 82)'];
      if (five !== undefined) {
        expect(pointsOf(toFive(set, set.scheme), at)).toEqual(
          five.map(([x, y]) => [expect.closeTo(x, 9), expect.closeTo(y, 9)]),
        );
      }
      const corners = face.rectX1Y1X2Y2 ?? face.boxX1Y1X2Y2;
      const [x, y, w, h] = set.boxesXywh?.subarray(at * 4) ?? [];
      if (corners !== undefined) expect([x, y, x + w, y + h]).toEqual(corners);
      if (face.boxSize !== undefined) expect([w, h]).toEqual([face.boxSize, face.boxSize]);
      for (const [column, { values }] of set.attributes) expect(values[at], column).toBe(face[column]);
    });
  });

  it("COFW68's text form has the points and hidden points of the arrays", () => {
    const text = goldenText('cofw68/sapm-first20.txt');
    expect(recogniseFormat(text)).toBe('cofw68');
    const set = parseLandmarks([{ name: 'sapm', text }], 'cofw68', 'sapm');
    // The text has three decimals; faces are sorted by index as text: 1, 10, 100 ...
    const { values } = goldenArray('cofw68/sapm.npy');
    set.images?.forEach((index, face) => {
      const row = (Number(index) - 1) * 136;
      for (let at = 0; at < 136; at++) expect(set.points[face * 136 + at]).toBeCloseTo(values[row + at], 2);
    });
  });
});

describe('recogniseFormat(text)', () => {
  it('tells a list with boxes from one with all x before all y, and says where it cannot', () => {
    expect(recogniseFormat('a/b.jpg 41 94 60 118 56 82 79 80 67 92 58 101 75 103')).toBe('cascade');
    expect(recogniseFormat('a/b.jpg 84.9 111 97.6 86.3 107.9 85.3 86.8 96.4 107.7 108 1 2 2 3')).toBe('mtfl');
    expect(recogniseFormat('a/b.jpg 1 2 3 4 5 6 7 8 9 10 11 12 13 14')).toBe('ambiguous');
    expect(recogniseFormat('hello')).toBeUndefined();
    expect(recogniseFormat('')).toBeUndefined();
  });

  it.each<[LandmarkFormat, string, RegExp]>([
    ['wflw', `${'1 '.repeat(100)}a.jpg`, /a:1: expected 207 fields \(98 points, .* got 101/],
    ['cascade', 'a.jpg 41 60 94 18 1 1 1 1 1 1 1 1 1 1', /is it "left top right bottom"\?/],
    [
      'celeba',
      '3\nlefteye_x lefteye_y\na.jpg 1 2 3 4 5 6 7 8 9 10',
      /expected 3 images, as its first line says, got 1/,
    ],
    ['mtfl', 'a.jpg 1 2 3 4 5 6 7 8 9 x 1 2 2 3', /a:1: expected a number, got "x"/],
    ['pts', 'n_points: 1\n1 2', /expected a line "n_points: 68", then/],
    ['pts', '{\n1 2\n}', /expected a line "n_points: 68"/],
    ['cofw68', '1\n2 3\n4 5', /expected four lines a face/],
    ['aflw-csv', 'image_name,x\na,1', /expected the columns image_name,scale/],
    ['mtfl', '', /expected a face, got none/],
  ])('%s: a file that is not as its format says is refused by place', (format, text, message) => {
    expect(() => parseLandmarks([{ name: 'a', text }], format, 'a')).toThrow(DatasetError);
    expect(() => parseLandmarks([{ name: 'a', text }], format, 'a')).toThrow(message);
  });
});

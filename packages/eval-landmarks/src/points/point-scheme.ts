import { DatasetError } from '@retinabench/core';

/** What the points of a face are, by a convention that a data set has made common. */
export interface PointScheme {
  /** `five`, `ibug-68`, `wflw-98` ...; `points-N` where only their number is known. */
  readonly id: string;
  /** Points of a face. */
  readonly count: number;
  /** Outer corners of the eyes: left in the image of a frontal face first. Absent where the scheme has none. */
  readonly outerCorners?: readonly [number, number];
  /** Points whose mean is the centre of each eye, left in the image first. */
  readonly eyes?: readonly [readonly number[], readonly number[]];
  /** Pairs of points that change places in the mirror; the others stay. */
  readonly mirrored?: readonly (readonly [number, number])[];
  /** Parts of the face: first and last point of each. */
  readonly groups?: Readonly<Record<string, readonly [number, number]>>;
  /** Points whose means are the five of RetinaFace: eye centres, tip of the nose, corners of the mouth. */
  readonly five?: readonly (readonly number[])[];
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** `first` and `last` change places, so do `first + 1` and `last - 1`, and so on, `count` pairs in all. */
function facing(first: number, last: number, count: number): [number, number][] {
  return range(0, count - 1).map((i) => [first + i, last - i]);
}

/**
 * Every scheme that is known by name. Points count from 0. Sources: RetinaFace's `label.txt`; 300-W (Sagonas et al. 2016);
 * WFLW (Wu et al. 2018); AFLW (Koestinger et al. 2011); COFW (Burgos-Artizzu et al. 2013), whose pupils are 16 and 17.
 */
export const pointSchemes: readonly PointScheme[] = [
  {
    id: 'five',
    count: 5,
    eyes: [[0], [1]],
    mirrored: [
      [0, 1],
      [3, 4],
    ],
    groups: { eyes: [0, 1], nose: [2, 2], mouth: [3, 4] },
    five: [[0], [1], [2], [3], [4]],
  },
  {
    id: 'ibug-68',
    count: 68,
    outerCorners: [36, 45],
    eyes: [range(36, 41), range(42, 47)],
    mirrored: [
      ...facing(0, 16, 8),
      ...facing(17, 26, 5),
      ...facing(31, 35, 2),
      ...facing(36, 45, 4),
      ...facing(40, 47, 2),
      ...facing(48, 54, 3),
      ...facing(55, 59, 2),
      ...facing(60, 64, 2),
      ...facing(65, 67, 1),
    ],
    groups: { jaw: [0, 16], brows: [17, 26], nose: [27, 35], eyes: [36, 47], mouth: [48, 67] },
    five: [range(36, 41), range(42, 47), [30], [48], [54]],
  },
  {
    id: 'wflw-98',
    count: 98,
    outerCorners: [60, 72],
    eyes: [range(60, 67), range(68, 75)],
    mirrored: [
      ...facing(0, 32, 16),
      ...facing(33, 46, 5),
      ...facing(38, 50, 4),
      ...facing(55, 59, 2),
      ...facing(60, 72, 5),
      ...facing(65, 75, 3),
      ...facing(76, 82, 3),
      ...facing(83, 87, 2),
      ...facing(88, 92, 2),
      ...facing(93, 95, 1),
      [96, 97],
    ],
    groups: { jaw: [0, 32], brows: [33, 50], nose: [51, 59], eyes: [60, 75], mouth: [76, 95], pupils: [96, 97] },
    five: [range(60, 67), range(68, 75), [54], [76], [82]],
  },
  {
    id: 'aflw-19',
    count: 19,
    outerCorners: [6, 11],
    eyes: [[7], [10]],
    mirrored: [...facing(0, 5, 3), ...facing(6, 11, 3), [12, 14], [15, 17]],
    groups: { brows: [0, 5], eyes: [6, 11], nose: [12, 14], mouth: [15, 17], chin: [18, 18] },
  },
  {
    id: 'cofw-29',
    count: 29,
    outerCorners: [8, 9],
    eyes: [[16], [17]],
    mirrored: [
      [0, 1],
      [2, 3],
      [4, 6],
      [5, 7],
      [8, 9],
      [10, 11],
      [12, 14],
      [13, 15],
      [16, 17],
      [18, 19],
      [22, 23],
    ],
  },
];

/**
 * The scheme of faces of `count` points.
 *
 * @param id of a known scheme; absent: the known one of so many points, else one that knows only their number.
 * @throws {DatasetError} if the scheme is unknown or has another number of points.
 */
export function pointScheme(count: number, id?: string): PointScheme {
  const scheme = pointSchemes.find((known) => (id === undefined ? known.count === count : known.id === id));
  if (scheme === undefined && id !== undefined) {
    throw new DatasetError(
      `point scheme: expected one of ${pointSchemes.map((known) => known.id).join(', ')}, got ${id}; leave it out where the points follow none`,
    );
  }
  if (scheme !== undefined && scheme.count !== count) {
    throw new DatasetError(
      `point scheme ${scheme.id}: expected ${scheme.count} points a face, got ${count}; name the scheme of these points`,
    );
  }
  return scheme ?? { id: `points-${count}`, count };
}

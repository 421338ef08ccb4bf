import { describe, expect, it } from 'vitest';
import { diagnoseLandmarks } from '../../src/diagnosis/diagnose-landmarks.js';
import { faceLengths, type NormaliserName } from '../../src/error/normaliser.js';
import { pairFaces } from '../../src/match/pair-faces.js';
import { pointScheme } from '../../src/points/point-scheme.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';
import { setOfArray } from '../../src/set/set-of-array.js';
import { withoutSentinels } from '../../src/set/without-sentinels.js';
import { fivePointPredictions, fivePointTruth } from '../support/five-point.js';
import { goldenArray, hasGolden } from '../support/shared.js';

function codesOf(annotated: LandmarkSet, predicted: LandmarkSet, normaliser: NormaliserName = 'points-box'): string[] {
  const pairs = pairFaces(annotated, predicted, { iou: 0.5 });
  const lengths = { of: faceLengths(annotated, normaliser), name: normaliser };
  return diagnoseLandmarks({ annotated, predicted, pairs }, lengths).map(({ level, code }) => `${level} ${code}`);
}

/** The same points, each carried elsewhere. */
function moved(set: LandmarkSet, to: (x: number, y: number, face: number) => [number, number]): LandmarkSet {
  const points = new Float64Array(set.points.length);
  for (let at = 0; at < points.length; at += 2) {
    points.set(to(set.points[at], set.points[at + 1], Math.floor(at / (set.scheme.count * 2))), at);
  }
  return { ...set, points };
}

/** The same faces with their points in another order. */
function ordered(set: LandmarkSet, order: readonly number[]): LandmarkSet {
  const { count } = set.scheme;
  const points = set.points.map((_, at) => {
    const face = Math.floor(at / (count * 2));
    return set.points[(face * count + order[(at >> 1) % count]) * 2 + (at % 2)];
  });
  return { ...set, points };
}

/** Each point in the place of its partner in the mirror. */
function mirrorOrder(count: number): number[] {
  const order = Array.from({ length: count }, (_, point) => point);
  for (const [a, b] of pointScheme(count).mirrored ?? []) [order[a], order[b]] = [b, a];
  return order;
}

describe.skipIf(!hasGolden)('diagnoseLandmarks(input, lengths) (needs the shared data folder)', () => {
  const truth = hasGolden ? setOfArray(goldenArray('cofw68/points.npy'), 'points.npy') : fivePointTruth();
  const tcdcn = hasGolden ? setOfArray(goldenArray('cofw68/tcdcn.npy'), 'tcdcn.npy') : truth;
  const aflw = hasGolden ? setOfArray(goldenArray('aflw2000/points.npy'), 'aflw') : truth;

  it('has nothing to say of sound results: two methods on COFW68, AFLW2000-3D re-annotated', () => {
    expect(codesOf(truth, tcdcn, 'outer-corners')).toEqual([]);
    expect(codesOf(truth, setOfArray(goldenArray('cofw68/sapm.npy'), 'sapm.npy'), 'outer-corners')).toEqual([]);
    expect(codesOf(setOfArray(goldenArray('aflw2000/points-reannotated.npy'), 're'), aflw)).toEqual([]);
    expect(codesOf(aflw, setOfArray(goldenArray('aflw2000/prediction-perturbed.npy'), 'perturbed'))).toEqual([]);
  });

  it('names a sixth of the rows that is exchanged among itself, and the strays of one face in fifty', () => {
    const sixth = Array.from({ length: truth.faces }, (_, face) => face).filter((face) => face % 6 === 3);
    const source = new Map(sixth.map((face, at) => [face, sixth[(at + 1) % sixth.length]]));
    const width = 2 * truth.scheme.count;
    const exchanged = {
      ...tcdcn,
      points: tcdcn.points.map((_, at) => {
        const face = Math.floor(at / width);
        return tcdcn.points[(source.get(face) ?? face) * width + (at % width)];
      }),
    };
    expect(codesOf(truth, exchanged, 'outer-corners')).toEqual(['error faces-elsewhere']);
    const astray = moved(tcdcn, (x, y, face) => (face % 50 === 3 ? [x + 5000, y] : [x, y]));
    expect(codesOf(truth, astray, 'outer-corners')).toEqual(['warning faces-elsewhere']);
  });

  it('five points of a detector: says that a tenth of the faces is missed, and where eyes coincide', () => {
    expect(codesOf(fivePointTruth(), fivePointPredictions(), 'box')).toEqual(['warning faces-missed']);
    expect(codesOf(fivePointTruth(), fivePointPredictions(), 'eye-centres')).toEqual([
      'warning faces-missed',
      'warning lengths-small',
    ]);
  });

  const half = Array.from({ length: 68 }, (_, point) => (point + 34) % 68);
  it.each<[string, (set: LandmarkSet) => LandmarkSet, string]>([
    ['x and y exchanged', (set) => moved(set, (x, y) => [y, x]), 'error axes-exchanged'],
    ['left and right exchanged', (set) => ordered(set, mirrorOrder(68)), 'error points-reordered'],
    ['another order of the points', (set) => ordered(set, half), 'error points-reordered'],
    ['shares of the image', (set) => moved(set, (x, y) => [x / 450, y / 450]), 'error points-relative'],
    ['an image of another size', (set) => moved(set, (x, y) => [x / 3, y / 3]), 'error points-scaled'],
    ['another corner', (set) => moved(set, (x, y) => [x - 200, y - 150]), 'error points-offset'],
    [
      'crops of the faces',
      (set) => moved(set, (x, y, face) => [x + 60 * (face % 7) - 150, y + 90 * (face % 5) - 100]),
      'error points-of-crops',
    ],
    ['counted from 1', () => moved(truth, (x, y) => [x + 1, y + 1]), 'warning points-offset'],
    ['the annotation itself', () => truth, 'warning points-equal'],
    [
      'a point that is no number',
      (set) => moved(set, (x, y, face) => [face === 9 ? Number.NaN : x, y]),
      'warning points-missing',
    ],
    [
      '-1 for a point',
      (set) => withoutSentinels(moved(set, (x, y, face) => (face === 9 ? [-1, -1] : [x, y]))).set,
      'warning points-missing',
    ],
    ['whole pixels', (set) => moved(set, (x, y) => [Math.round(x), Math.round(y)]), 'warning points-rounded'],
  ])('%s', (_, change, expected) => {
    expect(codesOf(truth, change(tcdcn), 'outer-corners')).toEqual([expected]);
  });

  it('rows that begin one face too late, and faces that do not belong together', () => {
    // Faces of AFLW2000-3D all lie about the middle of an image: shapes of other faces, so that COFW's differ more.
    const late = { ...tcdcn, points: Float64Array.from([...tcdcn.points.slice(136), ...tcdcn.points.slice(0, 136)]) };
    expect(codesOf(truth, late)).toEqual(['error rows-shifted']);
    const noise = moved(tcdcn, (x, y, face) => [(x * 7919 + face * 13) % 400, (y * 104_729) % 400]);
    expect(codesOf(truth, noise)).toEqual(['error worse-than-centre']);
  });

  it('boxes and points that match nearly nothing: an error, for no face is there to tell more by', () => {
    const far = fivePointPredictions();
    const shares = {
      ...moved(far, (x, y) => [x / 1024, y / 1024]),
      boxesXywh: far.boxesXywh?.map((value) => value / 1024),
    };
    expect(codesOf(fivePointTruth(), shares as LandmarkSet, 'box')).toEqual(['error faces-missed']);
  });

  it('five points whose eyes and corners of the mouth are named by the person, not by the image', () => {
    expect(codesOf(fivePointTruth(), ordered(fivePointPredictions(), mirrorOrder(5)), 'box')).toContain(
      'error points-reordered',
    );
  });
});

describe('diagnoseLandmarks(input, lengths), on faces of a camera at the ceiling', () => {
  /** Heads nodded by 58 to 70 degrees: of a point at height y and depth z the image shows y cos a + z sin a, y and z down and away. */
  const overhead = (order: readonly number[]): LandmarkSet => {
    // Millimetres, of a plain head: eyes, tip of the nose 40 below and 35 before them, corners of the mouth 70 below and 5 before.
    const head = [
      [-32, 0, 0],
      [32, 0, 0],
      [0, 40, -35],
      [-25, 70, -5],
      [25, 70, -5],
    ];
    const points = Array.from({ length: 30 }, (_, face) => {
      const a = ((58 + 4 * (face % 4)) * Math.PI) / 180;
      const size = 0.5 + 0.05 * (face % 7);
      return order.flatMap((point) => {
        const [x, y, z] = head[point];
        return [300 + size * x, 200 + size * (y * Math.cos(a) - z * Math.sin(a))];
      });
    }).flat();
    return { place: 'a', faces: 30, scheme: pointScheme(5), points: Float64Array.from(points), attributes: new Map() };
  };
  const misnamed = (set: LandmarkSet): boolean => {
    const jittered = moved(set, (x, y, face) => [x + 0.3 * (face % 3), y + 0.2 * (face % 4)]);
    const pairs = pairFaces(set, jittered, { iou: 0.5 });
    const lengths = { of: faceLengths(set, 'points-box'), name: 'points-box' } as const;
    return diagnoseLandmarks({ annotated: set, predicted: jittered, pairs }, lengths).some(
      ({ code }) => code === 'points-misnamed',
    );
  };

  it('says nothing of their names though the nose lies below the mouth, and finds an eye that is called nose', () => {
    // At 58 degrees 40 cos + 35 sin = 50.9 for the nose, 70 cos + 5 sin = 41.3 for the mouth.
    const [, nose, , mouth] = overhead([2, 3]).points;
    expect((nose - 200) / (mouth - 200)).toBeCloseTo(50.9 / 41.3, 2);
    expect(misnamed(overhead([0, 1, 2, 3, 4]))).toBe(false);
    expect(misnamed(overhead([2, 1, 0, 3, 4]))).toBe(true);
  });
});

describe('withoutSentinels(set)', () => {
  it('takes points at exactly (-1, -1) as not given, and counts faces without any', () => {
    const points = Float64Array.from([...new Array<number>(10).fill(-1), -1, 3, -1, -1, 5, 6, 7, 8, 9, 10]);
    const set = { place: 'a', faces: 2, scheme: pointScheme(5), points, attributes: new Map() };
    const clean = withoutSentinels(set);
    expect(clean).toMatchObject({ points: 6, faces: 1 });
    expect([...clean.set.points.slice(10, 14)]).toEqual([-1, 3, Number.NaN, Number.NaN]);
    expect(set.points[0]).toBe(-1);
  });
});

describe('diagnoseLandmarks of points that are not what they are called', () => {
  // Annotation and predictions share the names, so that no distance between the two tells.
  const named = (order: readonly number[]): string[] =>
    codesOf(ordered(fivePointTruth(), order), ordered(fivePointTruth(), order)).filter((code) => /misnamed/.test(code));

  it('warns where mouth and eyes are exchanged, which a picture on its head would show, too', () => {
    expect(named([3, 4, 2, 0, 1])).toEqual(['warning points-misnamed']);
  });

  it('is sure where single points are exchanged: the nose with an eye or a corner of the mouth, or one eye with the other', () => {
    for (const order of [
      [2, 1, 0, 3, 4],
      [0, 2, 1, 3, 4],
      [0, 1, 3, 2, 4],
      [3, 1, 2, 0, 4],
      [1, 0, 2, 3, 4],
      [1, 2, 0, 3, 4],
    ]) {
      expect([order, named(order)]).toEqual([order, ['error points-misnamed']]);
    }
    // Sides of the person instead of the image's are a convention.
    expect(named([1, 0, 2, 4, 3])).toEqual([]);
  });

  it('is sure where the nose lies beyond the mouth', () => {
    // Eyes at y 10, mouth at 20 and nose at 30: the nose lies twice as far from the eyes as the mouth.
    const face = [0, 10, 10, 10, 5, 30, 2, 20, 8, 20];
    const { images: _, imageOf: __, boxesXywh: ___, ...whole } = fivePointTruth();
    const set = { ...whole, faces: 3, points: Float64Array.from([...face, ...face, ...face]) };
    expect(codesOf(set, set).filter((code) => /misnamed/.test(code))).toEqual(['error points-misnamed']);
  });

  it('says nothing of points that are called what they are', () => {
    expect(named([0, 1, 2, 3, 4])).toEqual([]);
  });
});

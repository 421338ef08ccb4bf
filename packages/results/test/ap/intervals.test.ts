import { ShapeError, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { type ApDifference, apDifference, differenceInterval, differencePValue } from '../../src/ap/ap-difference.js';
import { apInterval } from '../../src/ap/ap-interval.js';
import { bootstrapAp, percentileInterval } from '../../src/ap/bootstrap.js';
import { effectiveCount } from '../../src/ap/few-images.js';
import { apOfCurve, type ImageCurves, sumCurves } from '../../src/ap/image-curves.js';
import { type ApInfluence, apInfluence } from '../../src/ap/influence.js';

/** One image of a made-up run: counted faces, and (threshold, proposals, true positives) of its points. */
interface MadeUp {
  readonly faces: number;
  readonly points: readonly (readonly [number, number, number])[];
}

function curvesOf(images: readonly MadeUp[]): ImageCurves {
  const start = new Int32Array(images.length + 1);
  images.forEach(({ points }, image) => {
    start[image + 1] = start[image] + points.length;
  });
  const all = images.flatMap(({ points }) => points);
  return {
    start,
    threshold: Uint16Array.from(all, ([threshold]) => threshold),
    proposals: Int32Array.from(all, ([, proposals]) => proposals),
    truePositives: Int32Array.from(all, ([, , found]) => found),
    faces: Int32Array.from(images, ({ faces }) => faces),
  };
}

const found: MadeUp = { faces: 1, points: [[10, 1, 1]] };
const missed: MadeUp = { faces: 1, points: [] };
const times = (count: number, image: MadeUp): MadeUp[] => Array(count).fill(image);
const apOf = (curves: ImageCurves): number => apOfCurve(sumCurves(curves)) ?? Number.NaN;

/**
 * Few images hold most of the faces, and faces in crowds are found late: what makes intervals of AP hard. Faces per image are
 * as in the split `hard` of WIDER FACE validation: median 3, 90 % quantile 21, 99 % quantile 129, largest 475.
 */
function heavyTailed(count: number, random: () => number): MadeUp[] {
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const faces = Math.min(475, Math.ceil(Math.exp(0.9 + 1.6 * normal)));
    const share = Math.max(0.2, 0.95 - 0.15 * Math.log(faces));
    const counts = new Map<number, [number, number]>();
    for (let face = 0; face < faces; face++) {
      const hit = random() < share;
      const threshold = 1 + Math.floor(999 * (hit ? random() ** 2 : Math.sqrt(random())));
      const [proposals, hits] = counts.get(threshold) ?? [0, 0];
      counts.set(threshold, [proposals + 1, hits + (hit ? 1 : 0)]);
    }
    const points = [...counts].sort(([a], [b]) => a - b).map(([t, [n, hits]]) => [t, n, hits] as const);
    return { faces, points };
  });
}

describe('apInfluence', () => {
  it('is the derivative of AP by the weight of an image, by hand for one found and one missed face', () => {
    // AP = w / (w + v) for the found face at weight w and the missed one at v: derivatives 1/4 and -1/4 at w = v = 1.
    const effect = apInfluence(curvesOf([found, missed]));
    expect(effect?.ap).toBe(0.5);
    expect([...(effect?.influence ?? [])]).toEqual([0.25, -0.25]);
    expect([...(effect?.found ?? [])]).toEqual([0.5, 0]);
    expect([...(effect?.missing ?? [])]).toEqual([0, 0.5]);
  });

  it('is what numerical differentiation gives, and adds up to nothing', () => {
    const curves = curvesOf(heavyTailed(60, seededRandom(2)));
    const { ap, influence, found: own } = apInfluence(curves) as ApInfluence;
    for (let image = 0; image < 60; image++) {
      const weights = (by: number) => Float64Array.from({ length: 60 }, (_, i) => (i === image ? 1 + by : 1));
      const at = (by: number) => apOfCurve(sumCurves(curves, weights(by))) ?? Number.NaN;
      expect(influence[image]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 6);
    }
    expect(influence.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 12);
    expect(own.reduce((sum, one) => sum + one, 0)).toBeCloseTo(ap, 12);
  });

  it('does not exist where no face counts', () => {
    expect(apInfluence(curvesOf([{ faces: 0, points: [[5, 1, 0]] }]))).toBeUndefined();
  });
});

describe('apInterval', () => {
  it('is near the Wilson interval where each image has one face, found or not', () => {
    // 60 of 100: Wilson [0.5020, 0.6906].
    const [low, high] = apInterval(curvesOf([...times(60, found), ...times(40, missed)])) ?? [0, 0];
    expect(Math.abs(low - 0.502)).toBeLessThan(0.01);
    expect(Math.abs(high - 0.6906)).toBeLessThan(0.01);
  });

  it('has a width where all images are perfect, or none finds a face: the rule of three', () => {
    // ln 20 = 2.9957 of 40 images: 7.489 %.
    const share = Math.log(20) / 40;
    const perfect = apInterval(curvesOf(times(40, found))) ?? [0, 0];
    expect(perfect[0]).toBeCloseTo(1 - share, 12);
    expect(perfect[1]).toBe(1);
    const nothing = apInterval(curvesOf(times(40, missed))) ?? [0, 0];
    expect(nothing[0]).toBe(0);
    expect(nothing[1]).toBeCloseTo(share, 12);
  });

  it('knows nothing from one image', () => {
    expect(apInterval(curvesOf([found]))).toEqual([0, 1]);
  });

  it('is narrower at a lower confidence and holds AP', () => {
    const curves = curvesOf(heavyTailed(150, seededRandom(5)));
    const [low, high] = apInterval(curves) ?? [1, 0];
    const [inner, outer] = apInterval(curves, 0.2) ?? [1, 0];
    expect(low).toBeLessThan(inner);
    expect(inner).toBeLessThan(apOf(curves));
    expect(apOf(curves)).toBeLessThan(outer);
    expect(outer).toBeLessThan(high);
  });
});

describe('apDifference', () => {
  const half = [...times(20, found), ...times(20, missed)];

  it('allows for 3 / n of the images where none differs', () => {
    // AP 1/2 over 40 images; ln 20 / 40 of them may lose their half: 0.5 * 0.07489 = 0.03745, or gain as much.
    const equal = apDifference(curvesOf(half), curvesOf(half));
    expect(equal).toMatchObject({ difference: 0, images: 40, differing: 0, deciding: 0 });
    expect(equal?.interval[0]).toBeCloseTo(-0.5 * (Math.log(20) / 40), 12);
    expect(equal?.interval[1]).toBeCloseTo(0.5 * (Math.log(20) / 40), 12);
    expect(differencePValue(equal as ApDifference)).toBe(1);
  });

  it('reaches past the exact binomial bound where one image of 40 has lost its face', () => {
    const one = apDifference(curvesOf(half), curvesOf([missed, ...half.slice(1)]));
    expect(one).toMatchObject({ differing: 1 });
    expect(one?.difference).toBeCloseTo(-1 / 40, 12);
    // Clopper-Pearson, 1 of 40: 0.06 % to 13.16 % of the images lose a face, 1/40 of AP each.
    expect(one?.interval[0]).toBeLessThan(-0.1316);
    expect(one?.interval[1]).toBeGreaterThan(-0.0006);
  });

  it('finds a consistent loss that the intervals of both runs would hide', () => {
    const before = [...times(70, found), ...times(30, missed)];
    const after = before.map((image, index) => (index % 4 === 0 ? missed : image));
    const [a, b] = [curvesOf(before), curvesOf(after)];
    const paired = apDifference(a, b);
    expect(paired?.interval[1]).toBeLessThan(0);
    expect(differencePValue(paired as ApDifference)).toBeLessThan(0.001);
    const [low] = apInterval(a) ?? [0, 0];
    const [, high] = apInterval(b) ?? [0, 0];
    expect(high).toBeGreaterThan(low);
  });

  it('has p-values that are the confidence at which the interval ends there', () => {
    const random = seededRandom(8);
    const before = heavyTailed(80, random);
    const after = before.map((image) => (random() < 0.4 ? { ...image, points: image.points.slice(0, -1) } : image));
    const difference = apDifference(curvesOf(before), curvesOf(after)) as ApDifference;
    for (const alpha of [0.3, 0.05, 0.001]) {
      for (const end of differenceInterval({ ...difference, bounds: [-9, 9] }, alpha)) {
        expect(differencePValue(difference, end) / alpha).toBeCloseTo(1, 6);
      }
    }
  });

  it('treats images whose changes do not reach AP as images that do not differ', () => {
    // A false positive behind the last true positive: proposals grow where recall no longer does.
    const tail = times(40, { faces: 1, points: [...found.points, [900, 1, 0]] });
    const difference = apDifference(curvesOf(times(40, found)), curvesOf(tail));
    expect(difference).toMatchObject({ difference: 0, differing: 40, deciding: 0 });
    expect(difference?.interval[0]).toBeCloseTo(-Math.log(20) / 40, 12);
  });

  it('counts images that make up the difference, not those that hardly differ', () => {
    expect(effectiveCount([0, 0])).toBe(0);
    expect(effectiveCount([-2, 2, 2, -2])).toBe(4);
    // (1 + 1000 * 1e-5)^2 / (1 + 1000 * 1e-10) = 1.0201.
    expect(effectiveCount([1, ...Array(1000).fill(1e-5)])).toBeCloseTo(1.0201, 4);
  });

  it('refuses runs over other numbers of images', () => {
    expect(() => apDifference(curvesOf([found]), curvesOf([found, found]))).toThrow(ShapeError);
  });
});

describe('coverage on a made-up heavy-tailed population', () => {
  const random = seededRandom(11);
  const population = heavyTailed(3000, random);
  const draws = 300;
  const drawn = (count: number): number[] => Array.from({ length: count }, () => Math.floor(random() * 3000));
  const holds = ([low, high]: readonly [number, number], value: number): number =>
    low <= value && value <= high ? 1 : 0;

  it('holds AP 93 times in 100 or more at 200 images', () => {
    const truth = apOf(curvesOf(population));
    let held = 0;
    for (let draw = 0; draw < draws; draw++) {
      held += holds(apInterval(curvesOf(drawn(200).map((i) => population[i]))) ?? [0, 0], truth);
    }
    expect(held / draws).toBeGreaterThanOrEqual(0.93);
  });

  it('holds the loss of 1 % of the images at 50, where the percentile bootstrap mostly has no width', () => {
    const broken = population.map((image, i) => (i % 100 === 7 ? { faces: image.faces, points: [] } : image));
    const truth = apOf(curvesOf(broken)) - apOf(curvesOf(population));
    let held = 0;
    let byPercentiles = 0;
    for (let draw = 0; draw < draws; draw++) {
      const images = drawn(50);
      const [a, b] = [curvesOf(images.map((i) => population[i])), curvesOf(images.map((i) => broken[i]))];
      held += holds(apDifference(a, b)?.interval ?? [0, 0], truth);
      if (draw >= 60) continue;
      const [before, after] = bootstrapAp([a, b], { resamples: 100, random: seededRandom(draw) });
      byPercentiles += holds(percentileInterval(after.map((ap, i) => ap - before[i])), truth);
    }
    expect(held / draws).toBeGreaterThanOrEqual(0.93);
    expect(byPercentiles / 60).toBeLessThan(0.6);
  });
});

describe('a perfect AP that rounding leaves at 1 - 1e-16', () => {
  // Thresholds at which a sum of precisions of 1 over 79 faces does not come out at 1 exactly.
  const random = seededRandom(9);
  const perfect = (): ImageCurves =>
    curvesOf(
      Array.from({ length: 79 }, () => ({ faces: 1, points: [[1 + Math.floor(999 * random()), 1, 1]] as const })),
    );
  const runs = Array.from({ length: 40 }, perfect);

  it('occurs', () => {
    expect(runs.some((run) => apOf(run) < 1)).toBe(true);
    for (const run of runs) expect(apOf(run)).toBeCloseTo(1, 12);
  });

  it('has the interval of the rule of three: ln 20 / 79 of the images may be lost', () => {
    for (const run of runs) expect(apInterval(run)?.[0]).toBeCloseTo(1 - Math.log(20) / 79, 9);
  });

  it('differs from another by exactly 0, with an interval that holds it', () => {
    for (const run of runs.slice(1)) {
      const found = apDifference(runs[0], run) as ApDifference;
      expect(found.difference).toBe(0);
      expect(found.interval[0]).toBeCloseTo(-Math.log(20) / 79, 9);
      expect(differencePValue(found)).toBe(1);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { loadPhotographs } from '../../src/mini/photographs.js';
import { miniRecipes } from '../../src/mini/recipes.js';
import { area, intersect } from '../../src/mini/rect.js';
import { faceTruths, splitsOf } from '../../src/mini/truth.js';

const photographs = loadPhotographs();
const recipes = miniRecipes(photographs);
const truths = recipes.map((recipe) => faceTruths(recipe, photographs));
const faces = truths.flat();

function truthOf(image: string) {
  const index = recipes.findIndex((recipe) => recipe.image === image);
  return truths[index];
}

describe('annotations of the photographs', () => {
  it('are of 22 faces on six photographs, every box and landmark inside its photograph', () => {
    expect(photographs.map(({ faces }) => faces.length)).toEqual([3, 3, 3, 4, 5, 4]);
    for (const { width, height, faces } of photographs) {
      for (const { box, landmarks } of faces) {
        expect(box[0] + box[2]).toBeLessThanOrEqual(width);
        expect(box[1] + box[3]).toBeLessThanOrEqual(height);
        for (const [x, y] of landmarks ?? []) {
          expect(x > box[0] && x < box[0] + box[2] && y > box[1] && y < box[1] + box[3]).toBe(true);
        }
      }
    }
  });
});

describe('faceTruths', () => {
  it('scales: photograph 1 at 1024 of 1920 columns and 683 of 1280 rows', () => {
    // Annotated [415, 355, 191, 242]; columns times 1024/1920, rows times 683/1280:
    // 415 x 0.533333 = 221.33, 355 x 0.533594 = 189.43, 191 x 0.533333 = 101.87, 242 x 0.533594 = 129.13.
    expect(truthOf('1_Group_mini_01')[0].box).toEqual([221.33, 189.43, 101.87, 129.13]);
  });

  it('mirrors: photograph 1 at 808 x 539', () => {
    // Annotated [1464, 214, 220, 233]; right edge 1684 x 808/1920 = 708.683, so left = 808 - 708.683 = 99.32;
    // top 214 x 539/1280 = 90.11; width 220 x 808/1920 = 92.58; height 233 x 539/1280 = 98.11.
    const face = truthOf('1_Group_mini_07')[2];
    expect(face.box).toEqual([99.32, 90.11, 92.58, 98.11]);
    // The eye on the viewer's right, (1620, 341), is now on the left: 808 - 1620 x 808/1920 = 126.25, 341 x 539/1280 = 143.59.
    expect(face.landmarks?.[0]).toEqual([126.25, 143.59]);
  });

  it('turns clockwise: photograph 1 at a quarter of its size, on its side', () => {
    // [415, 355, 191, 242] / 4 = [103.75, 88.75, 47.75, 60.5] in 480 x 320; clockwise, x is measured from the old
    // bottom: 320 - (88.75 + 60.5) = 170.75, and y is the old x.
    expect(truthOf('6_Pose_mini_01')[0]).toMatchObject({ box: [170.75, 103.75, 60.5, 47.75], pose: 1 });
  });

  it('crops and enlarges: the first portrait, 400 pixels high', () => {
    // Margin 0.35 x 242 = 85, crop [330, 270, 361, 412], scale 400/242: 597 x 681 pixels.
    // 85 x 597/361 = 140.57, 85 x 681/412 = 140.50, each + 0.5 since it is enlarged; 191 x 597/361 = 315.86,
    // 242 x 681/412 = 400.00.
    expect(truthOf('0_Portrait_mini_01')[0].box).toEqual([141.07, 141, 315.86, 400]);
  });

  it('clips a face to the image and calls it invalid when more than half is cut off', () => {
    const [photograph] = photographs;
    const crop = { left: 0, top: 0, width: 1920, height: 1280 };
    // The face at x 415 to 606; a canvas of 480 columns shows 65 of 191, 34 %: invalid, heavily occluded, in no split.
    const recipe = {
      ...recipes[0],
      width: 480,
      height: 1280,
      placements: [
        { photograph: 0, crop, width: 1920, height: 1280, mirror: false, quarterTurns: 0 as const, left: 0, top: 0 },
      ],
    };
    const cut = faceTruths(recipe, [photograph]);
    expect(cut).toHaveLength(1);
    expect(cut[0]).toMatchObject({ box: [415, 355, 65, 242], invalid: 1, occlusion: 2, splits: [] });
    expect(cut[0].landmarks).toBeUndefined();
    // 450 columns show 35 of 191, 18 %: no face at all.
    expect(faceTruths({ ...recipe, width: 450 }, [photograph])).toEqual([]);
  });

  it('keeps every box and landmark inside its image', () => {
    recipes.forEach(({ width, height }, index) => {
      for (const { box, landmarks } of truths[index]) {
        expect(Math.min(box[0], box[1])).toBeGreaterThanOrEqual(0);
        expect(Math.min(box[2], box[3])).toBeGreaterThan(0);
        expect(box[0] + box[2]).toBeLessThanOrEqual(width + 0.01);
        expect(box[1] + box[3]).toBeLessThanOrEqual(height + 0.01);
        for (const [x, y] of landmarks ?? []) expect(x >= 0 && y >= 0 && x <= width && y <= height).toBe(true);
      }
    });
  });

  it('covers heights from 12 to 400 pixels, in every octave', () => {
    const heights = faces.map(({ box }) => box[3]);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(12);
    expect(Math.min(...heights)).toBeLessThan(13);
    expect(Math.max(...heights)).toBeCloseTo(400, 1);
    for (let from = 12; from < 384; from *= 2) {
      expect(heights.filter((height) => height >= from && height < 2 * from).length).toBeGreaterThanOrEqual(8);
    }
  });

  it('nests the splits, none empty, and uses every label', () => {
    const counted = (split: 'easy' | 'medium' | 'hard'): number =>
      faces.filter(({ splits }) => splits.includes(split)).length;
    for (const { splits, invalid } of faces) {
      expect(['', 'hard', 'medium,hard', 'easy,medium,hard']).toContain(splits.join());
      if (invalid === 1) expect(splits).toEqual([]);
    }
    expect(counted('easy')).toBeGreaterThan(50);
    expect(counted('medium')).toBeGreaterThan(counted('easy'));
    expect(counted('hard')).toBeGreaterThan(counted('medium'));
    const values = (key: 'blur' | 'expression' | 'illumination' | 'occlusion' | 'pose' | 'invalid'): number[] =>
      [...new Set(faces.map((face) => face[key]))].sort();
    expect(values('blur')).toEqual([0, 1, 2]);
    expect(values('occlusion')).toEqual([0, 1, 2]);
    for (const key of ['expression', 'illumination', 'pose', 'invalid'] as const) expect(values(key)).toEqual([0, 1]);
    expect(truths.filter((truth) => truth.length === 0)).toHaveLength(4);
  });

  it('counts covered area once: no two bars of an image overlap', () => {
    for (const { occluders } of recipes) {
      occluders.forEach((a, index) => {
        for (const b of occluders.slice(index + 1)) expect(area(intersect(a.rect, b.rect))).toBe(0);
      });
    }
  });
});

describe('splitsOf', () => {
  const plain = { blur: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 };

  it.each([
    [9.9, {}, []],
    [10, {}, ['hard']],
    [29.9, {}, ['hard']],
    [30, {}, ['medium', 'hard']],
    [50, {}, ['easy', 'medium', 'hard']],
    [50, { pose: 1 }, ['medium', 'hard']],
    [50, { occlusion: 1 }, ['medium', 'hard']],
    [50, { illumination: 1 }, ['medium', 'hard']],
    [400, { occlusion: 2 }, ['hard']],
    [400, { blur: 2 }, ['hard']],
    [400, { invalid: 1 }, []],
  ] as const)('a face %s pixels high with %j counts in %j', (heightPx, labels, expected) => {
    expect(splitsOf(heightPx, { ...plain, ...labels })).toEqual(expected);
  });
});

import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { type DetectionSettings, defaultFaceSettings, evaluateDetection, metrics } from '../../src/index.js';
import { annotationsOf, inOrder, predictionsOf, type TestFace } from '../support/synthetic.js';

const settings: DetectionSettings = {
  faces: defaultFaceSettings,
  metrics,
  maxDets: [1, 10, 100],
  iou: 0.5,
  atScore: 0.5,
};

type Rows = Record<string, number[][]>;

function evaluate(faces: Record<string, TestFace[]>, rows: Rows) {
  return evaluateDetection(annotationsOf(faces), inOrder(predictionsOf(rows)), settings).detection;
}

/** Images of up to eight faces of several sizes, `crowded` of them with 150 false detections of low scores before the last hit. */
function randomSet(images: number, crowded = 0): { readonly faces: Record<string, TestFace[]>; readonly rows: Rows } {
  const random = seededRandom(11);
  const faces: Record<string, TestFace[]> = {};
  const rows: Rows = {};
  for (let image = 0; image < images; image++) {
    const name = `${image}.jpg`;
    const count = 1 + Math.floor(random() * 8);
    const size = [20, 60, 120][image % 3];
    faces[name] = Array.from({ length: count }, (_, at) => ({ box: [at * 130, 0, size, size] }));
    rows[name] = faces[name]
      .filter(() => random() < 0.8)
      .map(({ box }) => [box[0] + 0.2 * size * random(), ...box.slice(1), 0.3 + 0.7 * random()]);
    rows[name].push([0, 500, 40, 40, random()]);
    if (image >= crowded) continue;
    for (let wrong = 0; wrong < 150; wrong++) rows[name].push([8 * wrong, 700, 40, 40, 0.2 + 0.1 * random()]);
    rows[name].push([1100, 0, size, size, 0.1]);
    faces[name].push({ box: [1100, 0, size, size] });
  }
  return { faces, rows };
}

describe('intervals of detection records', () => {
  it('are there for every number of a set that has enough, and each holds its number', () => {
    const { faces, rows } = randomSet(60);
    const { values, interval = {} } = evaluate(faces, rows);
    expect(Object.keys(interval).sort()).toEqual(Object.keys(values).sort());
    for (const [name, [low, high]] of Object.entries(interval)) {
      expect(low, name).toBeLessThanOrEqual(values[name]);
      expect(high, name).toBeGreaterThanOrEqual(values[name]);
      expect(high, name).toBeGreaterThan(low);
    }
  });

  it('of recall rest on the faces that each image finds', () => {
    // a: two faces, both found; b: one, not found. Recall 2/3: a adds (2 - 2/3 x 2) / 3 = 2/9, b (0 - 2/3) / 3 = -2/9.
    const faces = { 'a.jpg': [{ box: [0, 0, 40, 40] }, { box: [100, 0, 40, 40] }], 'b.jpg': [{ box: [0, 0, 40, 40] }] };
    const rows = {
      'a.jpg': [
        [0, 0, 40, 40, 0.9],
        [100, 0, 40, 40, 0.8],
      ],
      'b.jpg': [[300, 300, 40, 40, 0.7]],
    };
    const { values, images } = evaluate(faces, rows);
    expect(values.ar100).toBeCloseTo(2 / 3, 12);
    expect(images?.influence.ar100.perImage[0]).toBeCloseTo(2 / 9, 8);
    expect(images?.influence.ar100.perImage[1]).toBeCloseTo(-2 / 9, 8);
    // With one detection an image, a finds one of its two faces: recall 1/3, a adds (1 - 1/3 x 2) / 3 = 1/9.
    expect(images?.influence.ar1.perImage[0]).toBeCloseTo(1 / 9, 8);
    // A face of its own that is found adds (1 - 2/3) / 3, one that is missed -2/3 / 3.
    expect(images?.influence.ar100.perPerfectFace).toBeCloseTo(1 / 9, 12);
    expect(images?.influence.ar100.perMissedFace).toBeCloseTo(-2 / 9, 12);
  });

  it('without a limit are those with it where no image has more detections, and others where one has', () => {
    const [small, large] = [randomSet(60), randomSet(60, 12)];
    const few = evaluate(small.faces, small.rows);
    for (const name of ['ap', 'ap50', 'ap75', 'apSmall', 'apLarge']) {
      expect(few.interval?.[`uncapped.${name}`], name).toEqual(few.interval?.[name]);
    }
    expect(few.interval?.['uncapped.ar']).toEqual(few.interval?.ar100);
    const many = evaluate(large.faces, large.rows);
    expect(many.values['uncapped.ar']).toBeGreaterThan(many.values.ar100);
    expect(many.interval?.['uncapped.ar']).not.toEqual(many.interval?.ar100);
    expect(many.interval?.['uncapped.ap50']).not.toEqual(many.interval?.ap50);
  });

  it.each(['ar10', 'arSmall', 'uncapped.ap', 'uncapped.ap50', 'uncapped.ar', 'voc.elevenPoint'])(
    'predict what further copies of an image do to %s',
    (name) => {
      const { faces, rows } = randomSet(80, 6);
      const base = evaluate(faces, rows);
      const influence = base.images?.influence[name].perImage ?? [];
      // An influence is a derivative by the weight of an image: with one copy more of every image of a third, its sum, damped by the
      // growth of the whole. Sign and size within a third.
      const third = Object.keys(faces).filter((_, at) => at % 7 < 2);
      const more = { faces: { ...faces }, rows: { ...rows } };
      for (const image of third) {
        more.faces[`copy-${image}`] = faces[image];
        more.rows[`copy-${image}`] = rows[image].map((row) => [...row.slice(0, 4), row[4] + 1e-9]);
      }
      const all = Object.values(faces).flat().length;
      const copied = third.flatMap((image) => faces[image]).length;
      const expected =
        Object.keys(faces).reduce((sum, image, at) => sum + (third.includes(image) ? influence[at] : 0), 0) /
        (1 + copied / all);
      const actual = evaluate(more.faces, more.rows).values[name] - base.values[name];
      expect(Math.abs(actual - expected)).toBeLessThan(Math.max(0.004, 0.34 * Math.abs(expected)));
    },
  );
});

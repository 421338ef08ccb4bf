import type { Annotations, Predictions } from '@retinabench/annotations';
import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import {
  type DetectionSettings,
  defaultFaceSettings,
  digestDetections,
  evaluateDetection,
  metrics,
} from '../../src/index.js';
import { annotationsOf, inOrder, predictionsOf, type TestFace } from '../support/synthetic.js';

const settings: DetectionSettings = {
  faces: defaultFaceSettings,
  metrics,
  maxDets: [1, 10, 100],
  iou: 0.5,
  atScore: 0.5,
};

type Rows = Readonly<Record<string, readonly (readonly number[])[]>>;

/** Forty images of up to twelve faces, some of them crowds or ignored, with detections near faces and elsewhere. */
function randomSet(seed: number): {
  readonly faces: Record<string, TestFace[]>;
  readonly rows: Record<string, number[][]>;
} {
  const random = seededRandom(seed);
  const faces: Record<string, TestFace[]> = {};
  const rows: Record<string, number[][]> = {};
  for (let image = 0; image < 40; image++) {
    const name = `${image % 3}/${image}.jpg`;
    faces[name] = Array.from({ length: Math.floor(random() * 13) }, () => {
      const size = 8 + random() ** 2 * 120;
      const box = [random() * 500, random() * 400, size, size * (0.8 + 0.4 * random())];
      return { box, crowd: random() < 0.1, ignored: random() < 0.1 };
    });
    rows[name] = faces[name].flatMap(({ box }) =>
      random() < 0.8 ? [[...box.map((side) => side + (random() - 0.5) * 0.2 * box[2]), random()]] : [],
    );
    for (let wrong = 0; wrong < 3; wrong++) rows[name].push([random() * 500, random() * 400, 30, 30, 0.7 * random()]);
  }
  return { faces, rows };
}

function valuesOf(faces: Readonly<Record<string, readonly TestFace[]>>, rows: Rows): Readonly<Record<string, number>> {
  return evaluate(annotationsOf(faces), predictionsOf(rows)).values;
}

function evaluate(annotations: Annotations, predictions: Predictions) {
  return evaluateDetection(annotations, inOrder(predictions), settings).detection;
}

/** The same keys in another order. */
function reordered<T>(object: Readonly<Record<string, T>>, seed: number): Record<string, T> {
  const random = seededRandom(seed);
  const keys = Object.keys(object).map((key) => [random(), key] as const);
  return Object.fromEntries(keys.sort(([a], [b]) => a - b).map(([, key]) => [key, object[key]]));
}

function mapRows(rows: Rows, change: (row: readonly number[]) => readonly number[]): Rows {
  return Object.fromEntries(Object.entries(rows).map(([name, own]) => [name, own.map(change)]));
}

/** Rounding of sums in another order. */
const digits = 12;

function expectSame(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(actual[name], name).toBeCloseTo(value, digits);
}

describe.each([1, 2, 3])('numbers of detections, random set %i', (seed) => {
  const { faces, rows } = randomSet(seed);
  const values = valuesOf(faces, rows);

  it('lie between 0 and 1, and no limit of detections gives more recall than none', () => {
    for (const [name, value] of Object.entries(values)) {
      expect(value, name).toBeGreaterThanOrEqual(0);
      expect(value, name).toBeLessThanOrEqual(1);
    }
    expect(values.ar1).toBeLessThan(values.ar10);
    expect(values.ar100).toBeLessThanOrEqual(values['uncapped.ar']);
    expect(values.ap50).toBeGreaterThan(values.ap75);
  });

  it('do not depend on the order of images or of the detections in a file', () => {
    const order = reordered(faces, seed);
    const again = Object.fromEntries(Object.keys(order).map((name) => [name, [...rows[name]].reverse()]));
    expectSame(valuesOf(order, again), values);
  });

  it('do not depend on the scale of the scores, only on their order', () => {
    expectSame(
      valuesOf(
        faces,
        mapRows(rows, ([x, y, w, h, score]) => [x, y, w, h, 50 * Math.tanh(score) - 7]),
      ),
      values,
    );
  });

  it('do not rise by a false positive that scores lowest, and those of the best score do not change', () => {
    const worse = { ...rows, '0/0.jpg': [...rows['0/0.jpg'], [600, 460, 20, 20, -1]] };
    const after = valuesOf(faces, worse);
    for (const [name, value] of Object.entries(values)) {
      if (name === 'missRate') expect(after[name]).toBeGreaterThanOrEqual(value - 1e-12);
      else expect(after[name], name).toBeLessThanOrEqual(value + 1e-12);
    }
    expect(after.f1).toBe(values.f1);
  });

  it('are perfect for the counted faces themselves', () => {
    const perfect = Object.fromEntries(
      Object.entries(faces).map(([name, own]) => [
        name,
        own.flatMap(({ box, crowd, ignored }, at) => (crowd || ignored ? [] : [[...box, 1 - at / 100]])),
      ]),
    );
    const after = valuesOf(faces, perfect);
    for (const name of ['ap', 'ap50', 'apSmall', 'ar100', 'f1']) expect(after[name], name).toBeCloseTo(1, digits);
    expect(after.missRate).toBeCloseTo(0, 9);
  });

  it('fall for detections written twice', () => {
    const twice = Object.fromEntries(
      Object.entries(rows).map(([name, own]) => [name, own.flatMap((row) => [row, row])]),
    );
    const after = valuesOf(faces, twice);
    for (const name of ['ap', 'ap50', 'voc.allPoint', 'f1']) expect(after[name], name).toBeLessThan(values[name]);
    expect(after.missRate).toBeGreaterThan(values.missRate);
  });

  it('stay as they are beside images without faces and detections, but for false positives per image', () => {
    const after = valuesOf({ ...faces, 'empty.jpg': [] }, { ...rows, 'empty.jpg': [] });
    for (const [name, value] of Object.entries(values)) {
      if (name !== 'missRate') expect(after[name], name).toBe(value);
    }
  });

  it('have influences that add up: to nothing, and what the images find to the AP', () => {
    const { images, interval } = evaluate(annotationsOf(faces), predictionsOf(rows));
    for (const [name, column] of Object.entries(images?.influence ?? {})) {
      const sum = column.perImage.reduce((total, own) => total + own, 0);
      expect(sum, name).toBeCloseTo(0, 9);
      const facesOf = images?.faces[column.faces] ?? [];
      const found = column.perImage.reduce(
        (total, own, image) => total + own - column.perMissedFace * facesOf[image],
        0,
      );
      if (/^ap|^voc/.test(name)) expect(found, name).toBeCloseTo(values[name], 8);
      const [low, high] = interval?.[name] ?? [1, 0];
      expect(low).toBeLessThan(values[name]);
      expect(high).toBeGreaterThan(values[name]);
    }
  });
});

describe('influence of an image', () => {
  it('is what a further copy of the image does to F1 and to AP, to first order', () => {
    // Copies of one image among forty: the change per copy, over weights that are small against all.
    const { faces, rows } = randomSet(4);
    const copies = (times: number, extra: string | undefined) => {
      const allFaces: Record<string, TestFace[]> = {};
      const allRows: Record<string, number[][]> = {};
      for (let copy = 0; copy < times; copy++) {
        for (const name of Object.keys(faces)) {
          allFaces[`${copy}-${name}`] = faces[name];
          allRows[`${copy}-${name}`] = rows[name];
        }
      }
      if (extra !== undefined) {
        allFaces[`extra-${extra}`] = faces[extra];
        allRows[`extra-${extra}`] = rows[extra];
      }
      return evaluate(annotationsOf(allFaces), predictionsOf(allRows));
    };
    const once = copies(1, undefined);
    const many = 25;
    const base = copies(many, undefined).values;
    const names = Object.keys(faces);
    for (const extra of [names[4], names[11], names[20]]) {
      const after = copies(many, extra).values;
      const influence = (name: string): number => once.images?.influence[name].perImage[names.indexOf(extra)] ?? 0;
      // One copy among 25 sets has a weight of 1 / 25 of what it has among one.
      expect((after.f1 - base.f1) * many).toBeCloseTo(influence('f1'), 3);
      const change = (after['voc.allPoint'] - base['voc.allPoint']) * many;
      expect(change).toBeCloseTo(influence('voc.allPoint'), 3);
    }
  });
});

describe('digestDetections(annotations, detected, settings)', () => {
  it.each([
    [metrics, true],
    [['f1'] as const, false],
  ])('gives the digests of evaluateDetection with %s, and another where one score changes', (chosen, coco) => {
    const { faces, rows } = randomSet(5);
    const annotations = annotationsOf(faces);
    const options = { ...settings, metrics: chosen, maxDets: [2] };
    const digest = (own: Rows): string[] =>
      digestDetections(annotations, inOrder(predictionsOf(own)), { ...settings, coco });
    const kept = evaluateDetection(annotations, inOrder(predictionsOf(rows)), options).detection.images?.digests;
    expect(digest(rows)).toEqual(kept);
    const [name] = Object.keys(rows);
    const [[x, y, w, h, score], ...others] = rows[name];
    const changed = digest({ ...rows, [name]: [[x, y, w, h, score / 2], ...others] });
    const at = annotations.images.indexOf(name);
    expect(changed.map((one, image) => one !== kept?.[image])).toEqual(
      annotations.images.map((_, image) => image === at),
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateCoco } from '../../src/coco/evaluate-coco.js';
import { evaluatedFaces } from '../../src/faces/evaluated-faces.js';
import { defaultFaceSettings } from '../../src/faces/treatment.js';
import { prepareMatching } from '../../src/match/prepare-matching.js';
import { evaluateVoc } from '../../src/voc/evaluate-voc.js';
import { annotationsOf, inOrder, predictionsOf } from '../support/synthetic.js';

interface RandomSets {
  readonly sets: readonly {
    readonly seed: number;
    readonly images: number;
    /** Image, x, y, w, h, area, iscrowd. */
    readonly faces: readonly (readonly number[])[];
    /** Image, x, y, w, h, score. */
    readonly detections: readonly (readonly number[])[];
    readonly expected: Readonly<Record<string, number | null>>;
    readonly uncapped: Readonly<Record<string, number | null>>;
    /** By a port of the VOC devkit; crowds are difficult. */
    readonly voc: Readonly<Record<'allPoint' | 'elevenPoint', number>> | null;
    readonly vocPlusOne: Readonly<Record<'allPoint' | 'elevenPoint', number>> | null;
  }[];
}

const file = process.env.PYCOCOTOOLS_SETS ?? new URL('../golden/pycocotools-random.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as RandomSets;

describe('evaluateCoco and evaluateVoc on random sets with ties, crowds, faces without area, empty images and more than 100 detections', () => {
  it.each(golden.sets)(
    'equal pycocotools and the devkit on set $seed',
    ({ images, faces, detections, expected, uncapped, voc, vocPlusOne }) => {
      const names = Array.from({ length: images }, (_, image) => `${image}.jpg`);
      const annotations = annotationsOf(
        Object.fromEntries(
          names.map((name, image) => [
            name,
            faces
              .filter(([own]) => own === image)
              .map(([, x, y, w, h, areaPx, crowd]) => ({ box: [x, y, w, h], areaPx, crowd: crowd === 1 })),
          ]),
        ),
      );
      const predictions = predictionsOf(
        Object.fromEntries(
          names.map((name, image) => [name, detections.filter(([own]) => own === image).map((row) => row.slice(1))]),
        ),
      );
      const input = prepareMatching(evaluatedFaces(annotations, defaultFaceSettings), inOrder(predictions));
      for (const [addedPx, reference] of [
        [0, voc],
        [1, vocPlusOne],
      ] as const) {
        const result = evaluateVoc(input, { iou: 0.5, addedPx });
        if (reference === null) expect(result).toBeUndefined();
        else {
          expect(result?.allPoint).toBeCloseTo(reference.allPoint, 12);
          expect(result?.elevenPoint).toBeCloseTo(reference.elevenPoint, 12);
        }
      }
      const { values } = evaluateCoco(input, { maxDets: [1, 10, 100], influence: false });
      for (const [name, value] of Object.entries(expected)) {
        if (value === null) expect(values[name], name).toBeUndefined();
        else expect(values[name], name).toBeCloseTo(value, 12);
      }
      for (const [name, key] of [
        ['ap', 'uncapped.ap'],
        ['ap50', 'uncapped.ap50'],
        ['apSmall', 'uncapped.apSmall'],
        ['ar1000', 'uncapped.ar'],
      ]) {
        const value = uncapped[name];
        if (value === null) expect(values[key], key).toBeUndefined();
        else expect(values[key], key).toBeCloseTo(value, 12);
      }
    },
  );
});

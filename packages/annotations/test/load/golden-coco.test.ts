import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import { loadPredictions } from '../../src/load/load-predictions.js';
import { matchImages } from '../../src/set/match-images.js';
import { goldenFolder, hasGolden } from '../shared-data.js';

const folder = path.join(goldenFolder, 'coco');

/** The labels there have 8 decimals: x = cx - w / 2 is off by up to 0.75e-8 of an image of at most 2,000 pixels. */
const yoloTolerancePx = 1.5e-5;

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), a.length === b.length ? 0 : 1e9);
}

describe.skipIf(!hasGolden)('golden/coco of the shared data folder', () => {
  const loaded = hasGolden ? loadAnnotations(path.join(folder, 'ground-truth.json')) : undefined;
  const coco = loaded?.annotations;
  const boxes = coco?.boxesXywh ?? new Float64Array();

  // README.md there: 151 images, 2,608 faces, 1,792 of them counted; 6,852 detections.
  test('the COCO form has as many images, faces and counted faces as its README says', () => {
    expect(coco?.images.length).toBe(151);
    expect(coco?.start[151]).toBe(2608);
    expect(coco?.ignored.reduce((sum, value) => sum + value, 0)).toBe(2608 - 1792);
    expect(coco?.crowd).toEqual(coco?.ignored);
  });

  test('the CSV form reads to the same faces', () => {
    const { annotations, format, settings } = loadAnnotations(path.join(folder, 'ground-truth.csv'));
    expect(format).toBe('csv');
    expect(settings).toEqual({ boxes: 'xyxy' });
    expect(annotations).toEqual({ ...coco, ids: undefined, crowd: new Uint8Array(2608) });
  });

  test.each(['voc', 'voc/Annotations'])(
    'the VOC form in %s reads to the same faces, ignored ones as difficult',
    (place) => {
      const { annotations, format, settings } = loadAnnotations(path.join(folder, place));
      expect(format).toBe('voc');
      expect(settings).toEqual({ corners: 'one-based' });
      expect(annotations).toEqual({
        ...coco,
        ids: undefined,
        images: coco?.images.map((name) => name.replace('/', '__')),
        crowd: new Uint8Array(2608),
        ignored: new Uint8Array(2608),
        difficult: coco?.ignored,
      });
    },
  );

  test.each(['yolo', 'yolo/data.yaml', 'yolo/labels'])(
    'the YOLO form in %s reads to the same boxes of all faces',
    (place) => {
      const { annotations, format } = loadAnnotations(path.join(folder, place));
      expect(format).toBe('yolo');
      expect(annotations.images).toEqual(coco?.images);
      expect(annotations.sizesPx).toEqual(coco?.sizesPx);
      expect(annotations.start).toEqual(coco?.start);
      expect(largestDifference(annotations.boxesXywh, boxes)).toBeLessThan(yoloTolerancePx);
    },
  );

  test('the results read to as many detections, of the annotated images', () => {
    const { predictions, format } = loadPredictions(path.join(folder, 'predictions.json'));
    expect(format).toBe('coco-results');
    expect(predictions.scores.length).toBe(6852);
    expect(coco && matchImages(coco, predictions)).toMatchObject({ rule: 'id', missing: [], unknown: [] });
  });

  test('YOLO predictions read to the same detections, with sizes of their own or of the annotations', () => {
    const results = loadPredictions(path.join(folder, 'predictions.json')).predictions;
    for (const options of [{}, { annotations: loaded }]) {
      const { predictions, format } = loadPredictions(path.join(folder, 'yolo/predictions'), options);
      expect(format).toBe('yolo');
      expect(coco && matchImages(coco, predictions)).toMatchObject({ rule: 'path', missing: [], unknown: [] });
      expect(predictions.scores).toEqual(results.scores);
      // 7 decimals of parts of at most 1,024 pixels.
      expect(largestDifference(predictions.boxesXywh, results.boxesXywh)).toBeLessThan(2e-4);
    }
  });

  test('a folder with all of these is not guessed at', () => {
    expect(() => loadAnnotations(folder)).toThrow(
      /got voc .*csv \(ground-truth.csv\), coco \(ground-truth.json\).*--gt-format/,
    );
    expect(loadAnnotations(folder, { format: 'coco' }).annotations).toEqual(coco);
  });

  test('annotations are not taken for predictions, nor predictions for annotations', () => {
    expect(() => loadPredictions(path.join(folder, 'ground-truth.json'))).toThrow(/got coco;/);
    expect(() => loadPredictions(path.join(folder, 'ground-truth.csv'))).toThrow(/a column score, got none/);
    expect(() => loadPredictions(path.join(folder, 'yolo/labels'))).toThrow(/got yolo-labels/);
    expect(() => loadAnnotations(path.join(folder, 'predictions.json'))).toThrow(/got coco-results/);
    expect(() => loadAnnotations(path.join(folder, 'yolo/predictions'))).toThrow(/got yolo-predictions/);
  });
});

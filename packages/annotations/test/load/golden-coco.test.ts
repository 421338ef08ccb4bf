import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import { loadPredictions } from '../../src/load/load-predictions.js';
import { matchImages } from '../../src/set/match-images.js';
import { goldenFolder, hasGolden } from '../shared-data.js';

const folder = path.join(goldenFolder, 'coco');

describe.skipIf(!hasGolden)('golden/coco of the shared data folder', () => {
  const coco = hasGolden ? loadAnnotations(path.join(folder, 'ground-truth.json')).annotations : undefined;

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

  test('the results read to as many detections, of the annotated images', () => {
    const { predictions, format } = loadPredictions(path.join(folder, 'predictions.json'));
    expect(format).toBe('coco-results');
    expect(predictions.scores.length).toBe(6852);
    const match = coco && matchImages(coco, predictions);
    expect(match).toMatchObject({ rule: 'id', missing: [], unknown: [] });
  });
});

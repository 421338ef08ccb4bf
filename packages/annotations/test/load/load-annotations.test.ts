import { DatasetError, ProtocolError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import { temporaryFiles } from '../temporary-files.js';

const coco = (bbox: readonly number[]): string =>
  JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg' }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox }],
    categories: [{ id: 1, name: 'person' }],
  });

test('boxes in parts of the image are not taken for pixels', () => {
  const folder = temporaryFiles({ 'coco.json': coco([0.1, 0.2, 0.5, 0.9]), 'label.txt': '# a.jpg\n0.1 0.2 0.5 1.0\n' });
  for (const name of ['coco.json', 'label.txt']) {
    expect(() => loadAnnotations(`${folder}/${name}`)).toThrow(DatasetError);
    expect(() => loadAnnotations(`${folder}/${name}`)).toThrow(/no number is above 1.5; .*--gt-units pixels/);
    expect(() => loadAnnotations(`${folder}/${name}`, { units: 'relative' })).toThrow(ProtocolError);
    expect(loadAnnotations(`${folder}/${name}`, { units: 'pixels' }).annotations.boxesXywh[0]).toBe(0.1);
  }
});

test('the one class is said where it is not called face', () => {
  const folder = temporaryFiles({ 'coco.json': coco([1, 2, 30, 40]) });
  expect(loadAnnotations(`${folder}/coco.json`).settings).toEqual({ category: 'person' });
});

test('a setting that the form does not use is refused', () => {
  const folder = temporaryFiles({ 'coco.json': coco([1, 2, 30, 40]) });
  for (const settings of [
    { corners: 'one-based' },
    { boxes: 'xyxy' },
    { split: 'val' },
    { keypoints: '5x3' },
  ] as const) {
    const [name] = Object.keys(settings);
    expect(() => loadAnnotations(`${folder}/coco.json`, settings)).toThrow(ProtocolError);
    expect(() => loadAnnotations(`${folder}/coco.json`, settings)).toThrow(`no --gt-${name} for the form coco`);
  }
});

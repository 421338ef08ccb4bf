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

test('a CSV file without header is read by the columns that are named, and its message names the flag', () => {
  const folder = temporaryFiles({ 'faces.csv': 'a.jpg,10,20,40,60\nb.jpg,5,5,30,40\n' });
  expect(() => loadAnnotations(`${folder}/faces.csv`)).toThrow(/--gt-format .*--gt-columns image,x1,y1,x2,y2/);
  const { format, annotations } = loadAnnotations(`${folder}/faces.csv`, { columns: 'image,x1,y1,x2,y2' });
  expect(format).toBe('csv');
  expect([...annotations.boxesXywh]).toEqual([10, 20, 30, 40, 5, 5, 25, 35]);
});

test('columns are not named of a form that has none', () => {
  const folder = temporaryFiles({ 'coco.json': coco([1, 2, 30, 40]) });
  expect(() => loadAnnotations(`${folder}/coco.json`, { columns: 'image,x,y,w,h' })).toThrow(
    'no --gt-columns for the form coco',
  );
});

test('a folder without annotations asks where they are', () => {
  const folder = temporaryFiles({ 'photos/readme.md': 'no boxes here' });
  expect(() => loadAnnotations(`${folder}/photos`)).toThrow(/no file that is recognised; name the file or folder/);
});

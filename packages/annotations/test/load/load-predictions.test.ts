import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { type LoadPredictionsOptions, loadPredictions } from '../../src/load/load-predictions.js';
import { temporaryFiles } from '../temporary-files.js';

function load(files: Record<string, string>, options: LoadPredictionsOptions = {}) {
  const [first, ...more] = Object.keys(files);
  const folder = temporaryFiles(files);
  return loadPredictions(more.length === 0 && !first.includes('/') ? `${folder}/${first}` : folder, options);
}

const results = (...list: object[]): string => JSON.stringify(list);
const detection = { image_id: 7, category_id: 1, bbox: [1, 2, 30, 40], score: 0.5 };
const expected = { images: ['a/1.jpg'], boxes: [1, 2, 30, 40], scores: [0.5] };

test.each([
  ['coco-results', { p: results({ ...detection, image_id: 'a/1.jpg' }) }],
  ['csv', { p: 'score,image,x1,y1,x2,y2\n0.5,a/1.jpg,1,2,31,42' }],
  ['json-lines', { p: '{"image":"a/1.jpg","box":[1,2,30,40],"score":0.5}\n' }],
  ['json-lines', { p: '{"image":"a/1.jpg","boxXyxy":[1,2,31,42],"score":0.5}\n{"image":"b","detections":[]}' }],
  ['json-lines', { p: '{"image":"a/1.jpg","detections":[{"bbox":[1,2,30,40],"score":0.5}]}' }],
  ['json-lines', { p: '{"image":"a/1.jpg","detections":[[1,2,30,40,0.5]]}' }],
  ['json-lines', { p: '{"image":"a/1.jpg","columns":"x1 y1 x2 y2 score","detections":[[1,2,31,42,0.5]]}' }],
  ['voc-detections', { p: 'a/1.jpg 0.5 2 3 31 42\n' }],
  ['wider', { p: '# a/1.jpg\n1\n1 2 30 40 0.5\nb\n0\n' }],
  ['wider', { 'a/1.jpg.txt': '1.jpg\n1\n1 2 30 40 0.5\n' }],
  ['wider', { 'a/1.jpg.txt': '1\n1 2 30 40 0.5\n' }],
  ['wider', { 'a/1.jpg.txt': '1 2 30 40 0.5' }],
] as const)('%s is recognised by its content and read: %j', (format, files) => {
  const loaded = load(files as unknown as Record<string, string>);
  const { images, boxesXywh, scores } = loaded.predictions;
  expect(loaded.format).toBe(format);
  expect({ images: images.slice(0, 1), boxes: [...boxesXywh], scores: [...scores] }).toEqual(expected);
});

test('results of other categories are left out where the annotations or the user say which is a face', () => {
  const p = results(detection, { ...detection, category_id: 2 });
  expect(() => load({ p })).toThrow(/\[1\]\.category_id: .*--pred-category/);
  const { predictions, notes } = load({ p }, { category: '2' });
  expect(predictions.scores.length).toBe(1);
  expect(notes).toEqual(['1 detections of other categories than 2 are left out']);
  expect(() => load({ p }, { category: '3' })).toThrow(/expected detections of the category "3"/);
});

test('YOLO predictions need sizes', () => {
  const files = { 'b.txt': '0 0.5 0.5 0.25 0.5 0.75', 'c.txt': '' };
  expect(() => load(files)).toThrow(/b\.txt:1: expected the size .*--pred-images DIR, or --pred-sizes FILE/);
  const { predictions, format } = load({ ...files, 'sizes.csv': 'image,width,height\nb.jpg,200,100' });
  expect(format).toBe('yolo');
  expect(predictions.images).toEqual(['b.jpg', 'c']);
  expect([...predictions.boxesXywh]).toEqual([75, 25, 50, 50]);
  expect([...predictions.scores]).toEqual([0.75]);
});

test('YOLO predictions may lie in a folder labels', () => {
  const sizes = 'image,width,height\nb.jpg,200,100';
  const { predictions } = load({ 'labels/b.txt': '0 0.5 0.5 0.25 0.5 0.75', 'sizes.csv': sizes });
  expect(predictions.images).toEqual(['b.jpg']);
});

test('a setting that the form does not use is refused', () => {
  const files = { p: results(detection) };
  expect(() => load(files, { corners: 'continuous' })).toThrow(/no --pred-corners for the form coco-results/);
  expect(() => load(files, { units: 'relative' })).toThrow(/in pixels, as the form coco-results has them/);
  expect(load(files, { units: 'pixels', negativeSizes: 'keep' }).predictions.scores.length).toBe(1);
});

test('points are read with the detections', () => {
  const { predictions } = load({ p: '{"image":"a","box":[1,2,3,4],"score":1,"landmarks":[[1,2],[3,4]]}\n' });
  expect([...(predictions.landmarks?.points ?? [])]).toEqual([1, 2, 3, 4]);
});

test.each([
  [
    'a score of null',
    { p: results({ ...detection, score: null }) },
    /\[0\]\.score: expected a finite number, got null/,
  ],
  ['no score', { p: results({ ...detection, score: undefined }) }, /\[0\]\.score/],
  ['numbers and names', { p: results(detection, { ...detection, image_id: 'a' }) }, /image_id to be a number in all/],
  ['a negative size', { p: results({ ...detection, bbox: [1, 2, -3, 4] }) }, /--pred-negative-sizes keep/],
  [
    'a line that is no JSON',
    { p: '{"image":"a","box":[1,2,3,4],"score":1}\n{"image":"b",\n' },
    /p:2: expected a line of JSON/,
  ],
  ['a key twice', { p: '{"image":"a","box":[1,2,3,4],"score":1}\n{"image":"a","image":"b"}\n' }, /p:2: .*twice/],
  ['no box', { p: '{"image":"a","score":1}\n' }, /p:1: box: expected one list/],
  ['two boxes', { p: '{"image":"a","box":[1,2,3,4],"xyxy":[1,2,3,4],"score":1}\n' }, /p:1: box: .*box, xyxy/],
  [
    'an image twice',
    { p: '{"image":"a","detections":[]}\n{"image":"a","detections":[]}\n' },
    /p:2: expected each image once/,
  ],
  ['a count that is wrong', { 'a/1.txt': '1\n2\n1 2 30 40 0.5\n' }, /1\.txt:2: expected 2 detections .*got 1 lines/],
  [
    'a line without score',
    { 'a/1.txt': '1 2 30 40\n', 'a/2.txt': '1 2 30 40 0.5\n' },
    /1\.txt:1: expected "x y w h score"/,
  ],
  ['a line that is cut', { 'a/1.txt': '1\n2\n1 2 30 40 0.5\n1 2 3' }, /1\.txt:4: expected "x y w h score"/],
  [
    'annotations as predictions',
    { p: 'a.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n' },
    /p:3: expected "x y w h score", .*got 10 fields/,
  ],
  ['NaN', { 'a/1.txt': '1\n1\n1 2 3 nan 0.5\n' }, /1\.txt:3: .*height NaN/],
  ['a Git LFS pointer', { p: 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n' }, /git lfs pull/],
  ['an archive', { p: '\u001f\u008b' }, /known form/],
  ['an empty file', { p: '' }, /got an empty file/],
  ['anything else', { p: 'hello' }, /begins with "hello"; .*--pred-format/],
])('%s is refused', (_, files, message) => {
  expect(() => load(files as unknown as Record<string, string>)).toThrow(DatasetError);
  expect(() => load(files as unknown as Record<string, string>)).toThrow(message);
});

test('a byte-order mark and UTF-16 are no part of the text', () => {
  const text = 'image,x,y,w,h,score\na.jpg,1,2,3,4,0.5\n';
  for (const encoding of ['utf8', 'utf16le'] as const) {
    const folder = temporaryFiles({ p: Buffer.from(`\ufeff${text}`, encoding) });
    expect(loadPredictions(`${folder}/p`).predictions.images).toEqual(['a.jpg']);
  }
});

import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { type CsvAnnotations, readCsv } from '../../src/csv/read-annotations.js';
import type { Delimiter } from '../../src/delimited/read-rows.js';
import { noSizes } from '../../src/reading/image-sizes.js';
import type { ReadingSettings } from '../../src/reading/reading.js';
import { bytesSource } from '../../src/source/open-source.js';
import { readingContext } from '../reading-context.js';

function read(text: string, settings: ReadingSettings = {}, delimiter: Delimiter = ','): CsvAnnotations {
  const bytes = new TextEncoder().encode(text);
  return readCsv(() => bytesSource(bytes, 'gt.csv'), 'gt.csv', delimiter, noSizes, readingContext(settings));
}

test.each([
  ['image,x,y,w,h', 'a.jpg,1,2,30,40'],
  ['h,w,y,x,Image', '40,30,2,1,a.jpg'],
  ['image,x,y,width,height', 'a.jpg,1,2,30,40'],
  ['image,x1,y1,x2,y2', 'a.jpg,1,2,31,42'],
  ['xmax,xmin,ymin,ymax,filename', '31,1,2,42,a.jpg'],
  ['file_name,left,top,right,bottom', 'a.jpg,1,2,31,42'],
  ['image,cx,cy,w,h', 'a.jpg,16,22,30,40'],
  ['image,width,height,x,y,w,h', 'a.jpg,640,480,1,2,30,40'],
  ['"image","x","y","w","h"', '"a.jpg","1","2","30","40"'],
])('the box of %s is found by the names of its columns', (header, row) => {
  for (const lineBreak of ['\n', '\r\n', '\r']) {
    const { annotations } = read(`${header}${lineBreak}${row}${lineBreak}`);
    expect(annotations.images).toEqual(['a.jpg']);
    // 31 - 1 = 30, 42 - 2 = 40; 16 - 30 / 2 = 1, 22 - 40 / 2 = 2.
    expect([...annotations.boxesXywh]).toEqual([1, 2, 30, 40]);
    expect([...annotations.sizesPx]).toEqual(header.includes('width,height,x') ? [640, 480] : [0, 0]);
  }
});

test('flags, landmarks, images without faces and own columns are read', () => {
  const { annotations } = read(
    [
      'image,x1,y1,x2,y2,label,iscrowd,ignore,difficult,area,eye_x,eye_y,blur,who,code',
      'b.jpg,1,2,3,4,face,1,0,,5,1.5,2.5,2,"Jo ""J"", K",007',
      'a.jpg,,,,,,,,,,,,,,',
      'b.jpg,5,6,7,8,face,,true,1,,,,,,',
    ].join('\n'),
  );
  expect(annotations.images).toEqual(['b.jpg', 'a.jpg']);
  expect([...annotations.start]).toEqual([0, 2, 2]);
  expect([...annotations.boxesXywh]).toEqual([1, 2, 2, 2, 5, 6, 2, 2]);
  expect([...(annotations.areasPx ?? [])]).toEqual([5, 4]);
  expect([...annotations.crowd]).toEqual([1, 0]);
  expect([...annotations.ignored]).toEqual([0, 1]);
  expect([...annotations.difficult]).toEqual([0, 1]);
  expect(annotations.landmarks).toEqual({ names: ['eye'], points: Float64Array.of(1.5, 2.5, Number.NaN, Number.NaN) });
  expect(annotations.attributes).toEqual(
    new Map([
      ['blur', { kind: 'number', values: Float64Array.of(2, Number.NaN) }],
      ['who', { kind: 'word', values: ['Jo "J", K', undefined] }],
      ['code', { kind: 'word', values: ['007', undefined] }],
    ]),
  );
});

test('other delimiters, and a file without header', () => {
  expect([...read('image;x;y;w;h\na.jpg;1;2;3;4', {}, ';').annotations.boxesXywh]).toEqual([1, 2, 3, 4]);
  const bare = read('a.jpg,1,2,3,4', { columns: 'image,x1,y1,x2,y2' });
  expect([...bare.annotations.boxesXywh]).toEqual([1, 2, 2, 2]);
});

test('the layout that is told holds against the names of the columns', () => {
  const boxes = (text: string, settings: ReadingSettings): number[] => [...read(text, settings).annotations.boxesXywh];
  // 31 - 1 = 30, 42 - 2 = 40; 16 - 30 / 2 = 1, 22 - 40 / 2 = 2.
  expect(boxes('image,x,y,w,h\na.jpg,1,2,31,42', { boxes: 'xyxy' })).toEqual([1, 2, 30, 40]);
  expect(boxes('image,x,y,width,height\na.jpg,16,22,30,40', { boxes: 'cxcywh' })).toEqual([1, 2, 30, 40]);
  expect(boxes('image,x1,y1,x2,y2\na.jpg,1,2,30,40', { boxes: 'xywh' })).toEqual([1, 2, 30, 40]);
  // Two boxes stay two: neither is the one that is meant.
  const two = 'image,x,y,w,h,x1,y1,x2,y2\na.jpg,1,2,3,4,1,2,3,4';
  expect(() => read(two, { boxes: 'cxcywh' })).toThrow(/expected columns of one box/);
});

test('parts of the image become pixels where told, by the size in the file', () => {
  const text = 'image,width,height,x,y,w,h\na.jpg,200,100,0.5,0.5,0.25,0.1';
  // 0.5 * 200 = 100, 0.5 * 100 = 50, 0.25 * 200 = 50, 0.1 * 100 = 10.
  expect([...read(text, { units: 'relative' }).annotations.boxesXywh]).toEqual([100, 50, 50, 10]);
  expect(() => read(text)).toThrow(/--gt-units relative/);
  expect([...read(text, { units: 'pixels' }).annotations.boxesXywh]).toEqual([0.5, 0.5, 0.25, 0.1]);
});

test('of several classes the face is read, or the one that is chosen', () => {
  const text = 'image,x,y,w,h,class\na.jpg,1,2,3,4,hand\na.jpg,5,6,7,8,face';
  expect([...read(text).annotations.boxesXywh]).toEqual([5, 6, 7, 8]);
  expect([...read(text, { category: 'hand' }).annotations.boxesXywh]).toEqual([1, 2, 3, 4]);
});

test('rows without a class beside others are left out only where the class is chosen', () => {
  const text = 'image,x,y,w,h,label\na.jpg,1,2,3,4,face\na.jpg,5,6,7,8,\nb.jpg,,,,,';
  expect(() => read(text)).toThrow(
    /^gt\.csv:3: expected the class of the face, as other rows have, got none; .*--gt-category/,
  );
  expect([...read(text, { category: 'face' }).annotations.boxesXywh]).toEqual([1, 2, 3, 4]);
  // None has one: there is one class.
  expect([...read(text.replace('face', '')).annotations.boxesXywh]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test.each([
  ['a field too few', 'image,x,y,w,h\na.jpg,1,2,3', /^gt\.csv:2: expected 5 fields .* got 4/],
  ['a decimal comma', 'image,x,y,w,h\na.jpg,1,5,2,3,4', /^gt\.csv:2: expected 5 fields .* got 6/],
  ['a word for a number', 'image,x,y,w,h\na.jpg,1,2,3,4\na.jpg,1,2,x,4', /^gt\.csv:3: .* got "x"/],
  ['NaN', 'image,x,y,w,h\na.jpg,1,2,NaN,4', /^gt\.csv:2: .* got "NaN"/],
  ['a hexadecimal number', 'image,x,y,w,h\na.jpg,1,2,0x10,4', /^gt\.csv:2: .* got "0x10"/],
  ['half a box', 'image,x,y,w,h\na.jpg,1,2,,4', /^gt\.csv:2: .* got ""/],
  ['corners in the other order', 'image,x1,y1,x2,y2\na.jpg,10,2,3,4', /^gt\.csv:2: .*width -7.*--gt-boxes xywh/],
  ['no image', 'name,x,y,w,h\na.jpg,1,2,3,4', /^gt\.csv:1: expected a column image/],
  ['no box', 'image,a,b\na.jpg,1,2', /^gt\.csv:1: expected the columns of a box/],
  ['two boxes', 'image,x,y,w,h,x1,y1,x2,y2\na.jpg,1,2,3,4,1,2,3,4', /^gt\.csv:1: .*--gt-boxes/],
  ['a column twice', 'image,x,y,w,h,x\na.jpg,1,2,3,4,5', /^gt\.csv:1: .*"x" in columns 2 and 6/],
  ['two sizes', 'image,width,height,x,y,w,h\na,9,9,1,2,3,4\na,9,8,1,2,3,4', /^gt\.csv:3: .*9 x 9 .* got 9 x 8/],
  ['a flag of 2', 'image,x,y,w,h,ignore\na.jpg,1,2,3,4,2', /^gt\.csv:2: expected 0 or 1 as ignore, got "2"/],
  ['an open quote', 'image,x,y,w,h\n"a.jpg,1,2,3,4\n', /^gt\.csv:2: .*quot/],
  ['nothing', '', /^gt\.csv: expected a header/],
  ['classes without a face', 'image,x,y,w,h,class\na,1,2,3,4,cat\na,1,2,3,4,dog', /^gt\.csv: .*--gt-category/],
])('%s is refused by its place', (_, text, message) => {
  expect(() => read(text)).toThrow(DatasetError);
  expect(() => read(text)).toThrow(message);
});

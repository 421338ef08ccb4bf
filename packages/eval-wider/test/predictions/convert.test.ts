import { describe, expect, it } from 'vitest';
import { describeBoxFrame, formatBoxFrame, frameToImage, parseBoxFrame } from '../../src/predictions/box-frame.js';
import { type BoxLayout, boxLayouts } from '../../src/predictions/box-layout.js';
import { convertPredictions } from '../../src/predictions/convert.js';
import { dropDuplicates } from '../../src/predictions/drop-duplicates.js';
import { parseFileShift, shiftFiles } from '../../src/predictions/shift-files.js';
import { type DetectionRow, predictionsOf, rowsOf } from '../synthetic.js';

const one = (row: readonly number[]): ReturnType<typeof predictionsOf> =>
  predictionsOf({ 'e/a': [[...row, 0.5] as unknown as DetectionRow] });
const boxOf = (predictions: ReturnType<typeof predictionsOf>): number[] => rowsOf(predictions)['e/a'][0].slice(0, 4);

describe('convertPredictions', () => {
  // The box from (10, 20) to (40, 60): 30 wide, 40 high, its centre at (25, 40).
  const written: Readonly<Record<BoxLayout, readonly number[]>> = {
    xywh: [10, 20, 30, 40],
    xyxy: [10, 20, 40, 60],
    cxcywh: [25, 40, 30, 40],
    yxhw: [20, 10, 40, 30],
    yxyx: [20, 10, 60, 40],
    cycxhw: [40, 25, 40, 30],
    xyhw: [10, 20, 40, 30],
    yxwh: [20, 10, 30, 40],
    xxyy: [10, 40, 20, 60],
    yyxx: [20, 60, 10, 40],
    trbl: [20, 40, 60, 10],
    x2y2x1y1: [40, 60, 10, 20],
    whxy: [30, 40, 10, 20],
  };

  it.each(boxLayouts)('brings %s to x y w h', (boxes) => {
    expect(boxOf(convertPredictions(one(written[boxes]), { boxes }))).toEqual([10, 20, 30, 40]);
  });

  it('scales, then shifts', () => {
    expect(boxOf(convertPredictions(one([5, 10, 15, 20]), { boxScale: 2, boxShift: { x: -1, y: 3 } }))).toEqual([
      9, 23, 30, 40,
    ]);
  });

  it('gives whole pixels back that were written as fractions of seven decimals', () => {
    const sizeOf = (): { widthPx: number; heightPx: number } => ({ widthPx: 1024, heightPx: 683 });
    const fractions = [101 / 1024, 7 / 683, 33 / 1024, 41 / 683].map((value) => Number(value.toFixed(7)));
    const boxFrame = parseBoxFrame('normalised');
    expect(boxOf(convertPredictions(one(fractions), { boxFrame }, sizeOf))).toEqual([101, 7, 33, 41]);
  });

  it('mirrors within the image', () => {
    const sizeOf = (): { widthPx: number; heightPx: number } => ({ widthPx: 100, heightPx: 80 });
    // x: 100 - 10 - 30; y: 80 - 20 - 40.
    expect(boxOf(convertPredictions(one([10, 20, 30, 40]), { mirrored: 'x' }, sizeOf))).toEqual([60, 20, 30, 40]);
    expect(boxOf(convertPredictions(one([10, 20, 30, 40]), { mirrored: 'xy' }, sizeOf))).toEqual([60, 20, 30, 40]);
  });

  it('asks for the sizes that it needs, and names the first image without', () => {
    expect(() => convertPredictions(one([0, 0, 1, 1]), { boxFrame: parseBoxFrame('normalised') })).toThrow(
      /sizes of the images.*first e\/a.*--data/,
    );
  });

  it('sorts files that were sorted by inverted scores, equal ones as in the file', () => {
    const file = predictionsOf({
      'e/a': [
        [1, 0, 9, 9, 0.9],
        [2, 0, 9, 9, 0.2],
        [3, 0, 9, 9, 0.2],
      ],
    });
    const turned = rowsOf(convertPredictions(file, { scores: 'inverted' }))['e/a'];
    expect(turned.map(([x]) => x)).toEqual([2, 3, 1]);
    expect(turned[0][4]).toBeCloseTo(0.8, 12);
    expect(rowsOf(convertPredictions(file, { scores: 'negated' }))['e/a'].map((row) => row[4])).toEqual([
      -0.2, -0.2, -0.9,
    ]);
  });
});

describe('frameToImage', () => {
  // An image of 1000 x 500.
  const size = { widthPx: 1000, heightPx: 500 };
  const through = (frame: string, x: number, y: number): number[] => {
    const { scaleX, scaleY, shiftX, shiftY } = frameToImage(parseBoxFrame(frame), size);
    return [x * scaleX + shiftX, y * scaleY + shiftY].map((value) => Number(value.toFixed(9)));
  };

  it.each([
    // Fractions of 1000 and 500.
    ['normalised', 0.5, 0.5, 500, 250],
    ['stretch:1000', 500, 500, 500, 250],
    ['stretch:640x320', 64, 32, 100, 50],
    ['crossed:1', 1, 0.25, 500, 250],
    // 1000 -> 640: a factor of 0.64; the longer side alone counts.
    ['corner:640', 64, 32, 100, 50],
    // 640 x 320 in the middle of 640 x 640: bars of 160 above and below.
    ['letterbox:640', 64, 160 + 32, 100, 50],
    // 640 x 480: 640 x 320 in it, bars of 80.
    ['letterbox:640x480', 64, 80 + 32, 100, 50],
    // 640 - 320 = 320, which is a multiple of 32: no bars. To 608 x 304: 608 - 304 = 304, mod 32 = 16, half 8; factor 0.608.
    ['stride:640', 64, 32, 100, 50],
    ['stride:608', 60.8, 8 + 30.4, 100, 50],
    // 500 -> 250; the longer side would be 500, at most 400: factor 0.4.
    ['short:250', 50, 25, 100, 50],
    ['short:250,400', 40, 20, 100, 50],
    ['width:500', 50, 25, 100, 50],
    ['height:100', 20, 10, 100, 50],
    ['across:640', 64, 50, 100, 50],
    ['down:640', 100, 64, 100, 50],
    // 1000 x 1000: 250 above.
    ['padded', 100, 300, 100, 50],
    // Twice by 0.64: 100 x 0.4096. Brought back twice: 100 / 0.64.
    ['corner:640:twice', 40.96, 20.48, 100, 50],
    ['corner:640:undone', 156.25, 78.125, 100, 50],
  ])('%s takes (%d, %d) to (%d, %d)', (frame, x, y, imageX, imageY) => {
    expect(through(frame, x, y)).toEqual([imageX, imageY]);
  });

  it('is written as it is read, and described', () => {
    for (const text of [
      'stretch:1',
      'stretch:640x480',
      'short:1600,2150',
      'corner:640:twice',
      'padded',
      'stride:640',
    ]) {
      expect(formatBoxFrame(parseBoxFrame(text))).toBe(text);
      expect(describeBoxFrame(parseBoxFrame(text)).length).toBeGreaterThan(10);
    }
    expect(formatBoxFrame(parseBoxFrame('normalised'))).toBe('stretch:1');
    for (const bad of [
      '',
      'letterbox',
      'short:640x480',
      'letterbox:640:twice',
      'corner:0',
      'padded:640',
      'stride:-1',
    ]) {
      expect(() => parseBoxFrame(bad)).toThrow(/^box frame: expected/);
    }
  });
});

describe('shiftFiles', () => {
  const files = predictionsOf({ 'b/1': [[2, 0, 9, 9, 0.5]], 'a/1': [[1, 0, 9, 9, 0.5]], 'b/2': [[3, 0, 9, 9, 0.5]] });
  const firstX = (text: string): Record<string, number> =>
    Object.fromEntries(
      Object.entries(rowsOf(shiftFiles(files, parseFileShift(text)))).map(([name, [row]]) => [name, row[0]]),
    );

  it('gives each file to the image further on in the order of names, round the end, or within an event', () => {
    expect(firstX('1')).toEqual({ 'b/1': 1, 'b/2': 2, 'a/1': 3 });
    expect(firstX('-1')).toEqual({ 'a/1': 2, 'b/1': 3, 'b/2': 1 });
    expect(firstX('1@b')).toEqual({ 'a/1': 1, 'b/2': 2, 'b/1': 3 });
    for (const bad of ['0', 'x', '1.5', '']) expect(() => parseFileShift(bad)).toThrow(/^file shift/);
  });
});

describe('dropDuplicates', () => {
  it('keeps each box and score once, and boxes that differ in either', () => {
    const rows: DetectionRow[] = [
      [1, 1, 9, 9, 0.9],
      [1, 1, 9, 9, 0.9],
      [2, 1, 9, 9, 0.9],
      [1, 1, 9, 9, 0.8],
    ];
    expect(rowsOf(dropDuplicates(predictionsOf({ 'e/a': rows })))['e/a']).toEqual([rows[0], rows[2], rows[3]]);
    const twice = [rows[0], rows[3], rows[0], rows[3]];
    expect(rowsOf(dropDuplicates(predictionsOf({ 'e/a': twice })))['e/a']).toEqual([rows[0], rows[3]]);
  });
});

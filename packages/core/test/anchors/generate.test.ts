import { describe, expect, test } from 'vitest';
import {
  type AnchorPreset,
  anchorPresets,
  cachedAnchors,
  countAnchors,
  generateAnchors,
  ShapeError,
} from '../../src/index.js';

describe('countAnchors', () => {
  // 640 x 640. resnet: (160^2 + 80^2 + 40^2 + 20^2 + 10^2) * 3 = 34,100 * 3; mnet025: (80^2 + 40^2 + 20^2) * 2 = 8,400 * 2;
  // slim, rfb: 80^2 * 3 + 40^2 * 2 + 20^2 * 2 + 10^2 * 3 = 19,200 + 3,200 + 800 + 300.
  test.each<[AnchorPreset, number]>([
    ['resnet', 102_300],
    ['mnet025', 16_800],
    ['mnet025-small', 16_800],
    ['insightface-mnet', 16_800],
    ['slim', 23_500],
    ['rfb', 23_500],
  ])('%s lays %i anchors over 640 x 640', (preset, count) => {
    expect(countAnchors(anchorPresets[preset], 640, 640)).toBe(count);
    expect(generateAnchors(anchorPresets[preset], 640, 640).length).toBe(count * 4);
  });

  test('rounds the feature map up', () => {
    // 65 x 33 at stride 8: 9 x 5, at 16: 5 x 3, at 32: 3 x 2: (45 + 15 + 6) * 2 = 132.
    expect(countAnchors(anchorPresets.mnet025, 65, 33)).toBe(132);
  });

  test('puts 75 % of the anchors of the paper on P2 (section 4.2)', () => {
    const [p2] = anchorPresets.resnet.levels;
    expect(countAnchors({ centre: 'cell', levels: [p2] }, 640, 640) / 102_300).toBeCloseTo(0.75, 2);
  });

  test.each([0, -8, 1.5, Number.NaN])('rejects a side of %f pixels', (sidePx) => {
    expect(() => countAnchors(anchorPresets.mnet025, sidePx, 640)).toThrow(ShapeError);
    expect(() => generateAnchors(anchorPresets.mnet025, 640, sidePx)).toThrow(/height/);
  });
});

describe('generateAnchors', () => {
  const row = (anchors: Float32Array, index: number): number[] => [...anchors.subarray(index * 4, index * 4 + 4)];

  test('goes level by level, row by row, column by column, then size', () => {
    const anchors = generateAnchors(anchorPresets.mnet025, 640, 640);
    expect(row(anchors, 0)).toEqual([4, 4, 16, 16]);
    expect(row(anchors, 1)).toEqual([4, 4, 32, 32]);
    expect(row(anchors, 2)).toEqual([12, 4, 16, 16]);
    // 80 cells of two anchors a row: row 1 starts at 160.
    expect(row(anchors, 160)).toEqual([4, 12, 16, 16]);
    // Stride 16 starts after 80 * 80 * 2 = 12,800, stride 32 after 3,200 more.
    expect(row(anchors, 12_800)).toEqual([8, 8, 64, 64]);
    expect(row(anchors, 16_000)).toEqual([16, 16, 256, 256]);
    // The last cell of stride 32: 19 * 32 + 16.
    expect(row(anchors, 16_799)).toEqual([624, 624, 512, 512]);
  });

  test('steps the sizes of the paper by 2^(1/3): the values of table 2', () => {
    const sizes = anchorPresets.resnet.levels.flatMap(({ sizesPx }) => [...sizesPx]);
    const table2 = [16, 20.16, 25.4, 32, 40.32, 50.8, 64, 80.63, 101.59, 128, 161.26, 203.19, 256, 322.54, 406.37];
    sizes.forEach((sizePx, index) => {
      // Half a unit of the last printed digit, or a whole one where the table truncates.
      expect(Math.abs(sizePx - table2[index])).toBeLessThan(0.01);
    });
  });

  test('centres the anchors of the MXNet model on their 16-pixel base cell', () => {
    // (16 - 1) / 2 = 7.5 on every level; coarse to fine: stride 32 first.
    const anchors = generateAnchors(anchorPresets['insightface-mnet'], 640, 640);
    expect(row(anchors, 0)).toEqual([7.5, 7.5, 512, 512]);
    expect(row(anchors, 2)).toEqual([39.5, 7.5, 512, 512]);
    expect(row(anchors, 800)).toEqual([7.5, 7.5, 128, 128]);
  });

  test('covers a non-square input by rows of its width', () => {
    // 40 x 16 at stride 8: 5 columns, 2 rows, two sizes; row 1 starts at 10.
    const anchors = generateAnchors(anchorPresets.mnet025, 40, 16);
    expect(row(anchors, 10)).toEqual([4, 12, 16, 16]);
  });
});

describe('cachedAnchors', () => {
  test('generates a size once while it is among the most recent ones', () => {
    const anchorsFor = cachedAnchors(anchorPresets.mnet025, 2);
    const first = anchorsFor(64, 64);
    anchorsFor(32, 32);
    expect(anchorsFor(64, 64)).toBe(first);
    anchorsFor(96, 96);
    expect(anchorsFor(64, 64)).toBe(first);
    anchorsFor(32, 32);
    anchorsFor(96, 96);
    expect(anchorsFor(64, 64)).not.toBe(first);
    expect(anchorsFor(64, 64)).toEqual(first);
  });
});

import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnoseCornerProportions } from '../../src/faces/corner-proportions.js';
import { annotationsOf, type TestFace } from '../support/synthetic.js';

type Box = [number, number, number, number];

/** Forty faces near the upper left: x and y up to 0.8 of the width, heights 1.25 times it, within a tenth. */
function faces(write: (box: Box) => Box): readonly TestFace[] {
  const random = seededRandom(3);
  return Array.from({ length: 40 }, () => {
    const w = 80 + 60 * random();
    return { box: write([0.8 * w * random(), 0.8 * w * random(), w, w * (1.2 + 0.1 * random())]) };
  });
}

const codesOf = (own: readonly TestFace[]): string[] =>
  diagnoseCornerProportions(annotationsOf({ 'a.jpg': own })).map(({ code, level }) => `${level} ${code}`);

describe('diagnoseCornerProportions', () => {
  it('doubts corners that were read as sizes where none leaves its image, and names the flag that reads them', () => {
    const corners = faces(([x, y, w, h]) => [x, y, x + w, y + h]);
    expect(codesOf(corners)).toEqual(['warning faces-corners']);
    expect(diagnoseCornerProportions(annotationsOf({ 'a.jpg': corners }))[0].fix).toContain('--gt-boxes xyxy');
    expect(codesOf(corners.slice(0, 19))).toEqual([]);
  });

  it('says nothing of sound faces, or of heads about them', () => {
    expect(codesOf(faces((box) => box))).toEqual([]);
    expect(
      codesOf(faces(([x, y, w, h]) => [Math.max(0, x - w / 4), Math.max(0, y - h / 3), 1.5 * w, 1.5 * h])),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { diagnoseAnnotations } from '../../src/faces/diagnose-annotations.js';
import { annotationsOf, type TestFace } from '../support/synthetic.js';

/** Ten faces of 40 pixels in a row in an image of 640 x 480. */
const row: readonly TestFace[] = Array.from({ length: 10 }, (_, i) => ({ box: [60 * i, 200 + i, 40, 40] }));

function codesOf(faces: readonly TestFace[], size: readonly [number, number] = [640, 480]): string[] {
  const annotations = { ...annotationsOf({ 'a.jpg': faces }), sizesPx: Int32Array.from(size) };
  return diagnoseAnnotations(annotations).map(({ code, level }) => `${level} ${code}`);
}

describe('diagnoseAnnotations', () => {
  it('finds nothing in faces that lie in their image, some of them cut by its edge', () => {
    expect(codesOf([...row, { box: [-10, 100, 40, 40] }, { box: [610, 100, 40, 40] }])).toEqual([]);
  });

  it('calls corners that were read for width and height an error', () => {
    // x2 = x + 40 as width: from the sixth face on, x + x2 exceeds 640 by more than 0.3 x2; y + y2 exceeds 480 only below.
    const corners = row.map(({ box: [x, y, w, h] }) => ({ box: [x, y, x + w, y + h] }));
    expect(codesOf(corners)).toEqual(['error faces-outside']);
  });

  it('calls corners that were read for width and height an error where they hardly leave the image, and no honest portrait', () => {
    // Faces of 110 to 148 pixels in the middle of 250 x 250, moved by up to 8: x + x2 is 250 + 2 times the move.
    const portraits = (how: (box: readonly number[]) => readonly number[]): readonly TestFace[] =>
      Array.from({ length: 24 }, (_, i) => {
        const side = 110 + 2 * (i % 20);
        const at = 125 - side / 2;
        return {
          box: how([at + ((7 * i) % 17) - 8, at + ((5 * i) % 17) - 8, side, side]) as [number, number, number, number],
        };
      });
    expect(
      codesOf(
        portraits((box) => box),
        [250, 250],
      ),
    ).toEqual([]);
    expect(
      codesOf(
        portraits(([x, y, w, h]) => [x, y, x + w, y + h]),
        [250, 250],
      ),
    ).toEqual(['error faces-corners']);
    // Boxes with hair that leave the image on all sides.
    expect(
      codesOf(
        portraits(([x, y, w, h]) => [x - 70, y - 70, w + 140, h + 140]),
        [250, 250],
      ),
    ).toEqual([]);
  });

  it('says nothing of honest faces that go on below their image, and finds corners of aligned faces, of which none is to the right', () => {
    // Selfies of 100 x 120: from the 12th of 24 on a chin is below 120 by more than 2 %; x + w is at most 92.
    const selfies = Array.from(
      { length: 24 },
      (_, i): TestFace => ({ box: [8 + (i % 14), 20 + i, 55 + (i % 15), 80] }),
    );
    expect(codesOf(selfies, [100, 120])).toEqual([]);
    // Faces of 90 x 120 at (40, 75) in 178 x 218: x + x2 is 170, y + y2 is 270.
    const aligned = Array.from({ length: 24 }, (_, i): TestFace => ({ box: [40, 75 + (i % 3), 130, 195 + (i % 3)] }));
    expect(codesOf(aligned, [178, 218])).toContain('error faces-corners');
  });

  it('calls faces of images of another size an error, and says nothing where sizes are not known', () => {
    expect(codesOf(row, [320, 240])).toEqual(['error faces-outside']);
    expect(codesOf(row, [0, 0])).toEqual([]);
  });

  it('only warns of boxes of heads that go on beyond the image, whose middle is in it', () => {
    // Selfies of 100 x 120: heads of 110 x 110 from x -10 to 0 and y 50 on reach 40 below 120, more than 0.3 of their height; their middle
    // is at 105.
    const heads = Array.from({ length: 24 }, (_, i): TestFace => ({ box: [-10 + (i % 11), 50 + i / 24, 110, 110] }));
    expect(codesOf(heads, [100, 120])).toEqual(['warning faces-outside']);
  });

  it('calls shares of the image read as pixels an error, a few among many a warning', () => {
    const shares = row.map(({ box: [x, y, w, h] }): TestFace => ({ box: [x / 640, y / 480, w / 640, h / 480] }));
    expect(codesOf(shares)).toEqual(['error faces-relative']);
    const rows = Array.from({ length: 10 }, (_, line) =>
      row.map(({ box: [x, , w, h] }): TestFace => ({ box: [x, 45 * line, w, h] })),
    );
    expect(codesOf([...rows.flat(), ...shares.slice(0, 3)])).toEqual(['warning faces-relative']);
  });

  it('finds faces that stand twice: all of them an error, a few in a hundred a warning', () => {
    expect(codesOf([...row, ...row])).toEqual(['error faces-twice']);
    const many = Array.from({ length: 10 }, (_, line) =>
      row.map(({ box: [x, , w, h] }) => ({ box: [x, 45 * line, w, h] })),
    );
    expect(codesOf([...many.flat(), ...row.slice(0, 2), ...many[3].slice(0, 3)])).toEqual(['warning faces-twice']);
  });

  it('counts faces without area', () => {
    expect(codesOf([...row, { box: [100, 300, 0, 20] }])).toEqual(['warning faces-without-area']);
  });
});

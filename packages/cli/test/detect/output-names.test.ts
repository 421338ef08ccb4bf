import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outputNames } from '../../src/detect/output-names.js';

describe('outputNames', () => {
  test('keeps folders and drops the extension', () => {
    expect([...outputNames(['a/x.jpg', 'b/x.jpg', 'noextension'])]).toEqual([
      ['a/x.jpg', 'a/x'],
      ['b/x.jpg', 'b/x'],
      ['noextension', 'noextension'],
    ]);
  });

  test('names that would be one keep their extensions, also where only case tells them apart', () => {
    expect([...outputNames(['x.jpg', 'x.png', 'Y.jpg', 'y.webp'])]).toEqual([
      ['x.jpg', 'x.jpg'],
      ['x.png', 'x.png'],
      ['Y.jpg', 'Y.jpg'],
      ['y.webp', 'y.webp'],
    ]);
    // `x.jpg` is the stem of one and the whole name of another.
    expect(new Set(outputNames(['x.jpg', 'x.jpg.png', 'x.png']).values()).size).toBe(3);
  });

  test('no two images share a name, whatever they are called', () => {
    const name = fc.stringMatching(/^[abAB]{1,2}(\.[ab]{1,2}){0,3}$/);
    const names = fc.uniqueArray(
      fc.tuple(fc.constantFrom('', 'd/'), name).map(([dir, file]) => dir + file),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(names, (images) => {
        const made = [...outputNames(images).values()].map((text) => text.toLowerCase());
        expect(new Set(made).size).toBe(images.length);
      }),
      { seed: 17, numRuns: 500 },
    );
  });
});

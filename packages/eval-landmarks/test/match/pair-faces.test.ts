import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { pairFaces } from '../../src/match/pair-faces.js';
import { pointScheme } from '../../src/points/point-scheme.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';

/** Faces whose five points lie in a square of 20 pixels from (x, y) on. */
function setOf(place: string, faces: readonly (readonly [string, number, number])[]): LandmarkSet {
  return {
    place,
    faces: faces.length,
    scheme: pointScheme(5),
    images: [...new Set(faces.map(([image]) => image))],
    imageOf: Int32Array.from(faces, ([image]) => [...new Set(faces.map(([name]) => name))].indexOf(image)),
    points: Float64Array.from(
      faces.flatMap(([, x, y]) => [x, y, x + 20, y, x + 10, y + 10, x, y + 20, x + 20, y + 20]),
    ),
    attributes: new Map(),
  };
}

const rows = ({ images: _, imageOf: _of, ...set }: LandmarkSet): LandmarkSet => set;

describe('pairFaces(annotated, predicted, options)', () => {
  const truth = setOf('truth', [
    ['a/1.jpg', 0, 0],
    ['a/2.jpg', 0, 0],
  ]);

  it('by image where every image has one face: in any order, by path without extension', () => {
    const found = pairFaces(truth, setOf('mine', [['a/2.png', 5, 5]]), { iou: 0.5 });
    expect(found).toMatchObject({ matches: Int32Array.from([-1, 0]), protocol: { pairing: 'image' }, notes: [] });
  });

  it('by name of the file where no path agrees, and says so', () => {
    const found = pairFaces(truth, setOf('mine', [['1.png', 5, 5]]), { iou: 0.5 });
    expect(found.matches).toEqual(Int32Array.from([0, -1]));
    expect(found.notes).toEqual(['images are told by the names of their files, for no path agrees']);
    const twice = setOf('truth', [
      ['a/1.jpg', 0, 0],
      ['b/1.jpg', 0, 0],
    ]);
    expect(() => pairFaces(twice, setOf('mine', [['1.png', 5, 5]]), { iou: 0.5 })).toThrow(
      /annotated image, got "a\/1.jpg" and "b\/1.jpg" that may be meant/,
    );
  });

  it('by row where a set names no images: as many of both, else it is refused', () => {
    expect(pairFaces(rows(truth), truth, { iou: 0.5 })).toMatchObject({
      matches: Int32Array.from([0, 1]),
      protocol: { pairing: 'row' },
    });
    expect(() => pairFaces(rows(truth), setOf('mine', [['a/1.jpg', 0, 0]]), { iou: 0.5 })).toThrow(
      /mine: expected a row for each of the 2 faces of truth, got 1/,
    );
  });

  it('by overlap where an image has several faces, of the boxes around the points where a set has none', () => {
    const two = setOf('truth', [
      ['1.jpg', 0, 0],
      ['1.jpg', 100, 0],
    ]);
    // The second face is found 2 pixels off: IoU 18 / 22; the third lies on no face; the image 9 is not annotated.
    const found = pairFaces(
      two,
      setOf('mine', [
        ['1.jpg', 102, 0],
        ['1.jpg', 50, 50],
        ['9.jpg', 0, 0],
      ]),
      { iou: 0.5 },
    );
    expect(found).toMatchObject({
      matches: Int32Array.from([-1, 0]),
      unmatched: 1,
      protocol: { pairing: 'iou', iou: 0.5, boxes: 'around the points' },
    });
    expect(found.notes).toEqual([
      '1 predicted faces on 1 images that are not annotated are left out',
      'truth has no boxes: faces are matched by the boxes around their points',
    ]);
    expect(() => pairFaces(two, two, { pairing: 'image', iou: 0.5 })).toThrow(DatasetError);
  });
});

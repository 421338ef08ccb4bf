import { describe, expect, it } from 'vitest';
import { pointScheme } from '../../src/points/point-scheme.js';
import { byNames } from '../../src/set/by-names.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';

/** A face whose eyes lie at x of 10 and 50; point i of the file is point `order[i]` of the five. */
function setOf(order: readonly number[], pointNames?: readonly string[]): LandmarkSet {
  const five = [
    [10, 10],
    [50, 11],
    [30, 30],
    [14, 50],
    [46, 51],
  ];
  const points = Float64Array.from(order.flatMap((point) => five[point]));
  const common = { place: 'a.json', faces: 1, scheme: pointScheme(5), points, attributes: new Map() };
  return pointNames === undefined ? common : { ...common, pointNames };
}

const inOrder = [...setOf([0, 1, 2, 3, 4]).points];
const noseFirst = ['nose', 'left_eye', 'right_eye', 'left_mouth', 'right_mouth'];

describe('byNames(annotated, predicted)', () => {
  it('five named points are put in order on both sides, each by its own names', () => {
    const predicted = setOf([1, 0, 2, 4, 3], ['eye_right', 'eye_left', 'nose', 'mouth_right', 'mouth_left']);
    const found = byNames(setOf([2, 0, 1, 3, 4], noseFirst), predicted);
    expect([...found.annotated.points]).toEqual(inOrder);
    expect([...found.predicted.points]).toEqual(inOrder);
    expect(found.notes[0]).toContain('gt: points are put in order by their names, left-eye is number 2');
  });

  it("names of the person's sides: the left eye is the one on the right", () => {
    const names = ['left_eye', 'right_eye', 'nose', 'left_mouth', 'right_mouth'];
    const found = byNames(setOf([1, 0, 2, 4, 3], names), setOf([1, 0, 2, 4, 3], names));
    expect([...found.annotated.points]).toEqual(inOrder);
    expect([...found.predicted.points]).toEqual(inOrder);
  });

  it('results of COCO stand in the order of the annotation, other points without names in that of the five', () => {
    const annotated = setOf([2, 0, 1, 3, 4], noseFirst);
    const results = { ...setOf([2, 0, 1, 3, 4]), pointsAsAnnotated: true };
    expect([...byNames(annotated, results).predicted.points]).toEqual(inOrder);
    expect([...byNames(annotated, setOf([0, 1, 2, 3, 4])).predicted.points]).toEqual(inOrder);
  });

  it('points that are not the five have no eyes, and are not held against the five', () => {
    const ears = ['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear'];
    const { annotated } = byNames(setOf([2, 0, 1, 3, 4], ears), setOf([2, 0, 1, 3, 4]));
    expect(annotated.scheme).toEqual({ id: 'points-5', count: 5 });
    expect(() => byNames(setOf([2, 0, 1, 3, 4], ears), setOf([2, 0, 1, 3, 4], noseFirst))).toThrow(
      /expected the points of a.json, nose, left_eye, right_eye, left_ear, right_ear, got nose, left_eye, right_eye, left_mouth/,
    );
  });
});

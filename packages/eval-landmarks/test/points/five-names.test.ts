import { describe, expect, it } from 'vitest';
import { fiveOrder } from '../../src/points/five-names.js';

describe('fiveOrder(names)', () => {
  it.each([
    [
      ['left-eye', 'right-eye', 'nose', 'left-mouth', 'right-mouth'],
      [0, 1, 2, 3, 4],
    ],
    [
      ['nose', 'left_eye', 'right_eye', 'mouth_left', 'mouth_right'],
      [1, 2, 0, 3, 4],
    ],
    [
      ['rightEye', 'leftEye', 'noseTip', 'rightMouthCorner', 'leftMouthCorner'],
      [1, 0, 2, 4, 3],
    ],
    [
      ['leye', 'reye', 'nose tip', 'mouth_corner_l', 'mouth_corner_r'],
      [0, 1, 2, 3, 4],
    ],
  ])('%j: %j', (names, order) => {
    expect(fiveOrder(names)).toEqual(order);
  });

  it.each([
    [['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear']],
    [['left_eye_inner', 'right_eye', 'nose', 'left_mouth', 'right_mouth']],
    [['left_eye', 'left_eye', 'nose', 'left_mouth', 'right_mouth']],
    [['left_eye', 'right_eye', 'nose']],
  ])('%j are not the five', (names) => {
    expect(fiveOrder(names)).toBeUndefined();
  });
});

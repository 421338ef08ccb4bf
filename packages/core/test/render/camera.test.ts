import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { cameraFrame, projectToPixels, toCameraSpace } from '../../src/render/camera.js';

const size = { widthPx: 200, heightPx: 100 };

describe('cameraFrame', () => {
  it('from the front of a face looks along -z, with +x to the right and +y up', () => {
    const frame = cameraFrame(Float64Array.of(0, 0, 60, 0, 0, 0, 2));
    const axes = [frame.forward, frame.right, frame.up].map((axis) => axis.map((value) => value + 0));
    expect(axes).toEqual([
      [0, 0, -1],
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  it('from +x looks along -x, with -z to the right', () => {
    const frame = cameraFrame(Float64Array.of(5, 0, 0, 0, 0, 0, 1));
    expect(frame.right.map((value) => value + 0)).toEqual([0, 0, -1]);
  });

  it.each([
    ['location and point are the same', [1, 2, 3, 1, 2, 3, 1]],
    ['it looks straight up', [0, 0, 0, 0, 5, 0, 1]],
    ['the focal length is zero', [0, 0, 5, 0, 0, 0, 0]],
    ['a number is missing', [0, 0, 5, 0, 0, 0]],
    ['a number is not finite', [0, Number.NaN, 5, 0, 0, 0, 1]],
  ])('is refused where %s', (_, camera) => {
    expect(() => cameraFrame(Float64Array.from(camera))).toThrow(ShapeError);
  });
});

describe('toCameraSpace and projectToPixels', () => {
  it('put a point at depth 10, 1 to the right and 2 up, with focal length 2 x 100 px, at (100 + 20, 50 - 40)', () => {
    const frame = cameraFrame(Float64Array.of(0, 0, 10, 0, 0, 0, 2));
    const points = toCameraSpace(Float64Array.of(1, 2, 0, 0.5, 0.5, 0.5), frame, new Float64Array(3));
    expect([...points]).toEqual([1, 2, 10]);
    expect([...projectToPixels(points, 2, size, new Float64Array(2))]).toEqual([120, 10]);
  });

  it('have no pixel for a point behind the camera', () => {
    const pixels = projectToPixels(Float64Array.of(0, 0, -1, 0, 0, 0), 1, size, new Float64Array(4));
    expect([...pixels].every(Number.isNaN)).toBe(true);
  });
});

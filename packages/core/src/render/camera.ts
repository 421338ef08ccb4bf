import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { cameraSize, type ImageSize } from './parameters.js';

/** A vector (x, y, z) of the world, in length units, or a direction of it. */
export type Vector3 = readonly [number, number, number];

/** The axes of a camera, unit vectors in the mesh's space: x to the right of the image, y up, z into it. */
export interface CameraFrame {
  readonly location: Vector3;
  readonly right: Vector3;
  readonly up: Vector3;
  readonly forward: Vector3;
  /** Distance from the location to the point looked at. */
  readonly distance: number;
  /** Length of forward x +y: the sine of the angle between them. */
  readonly sine: number;
}

/**
 * The frame of a camera P_cam = [xc, yc, zc, x'c, y'c, z'c, fc] with up vector +y: forward from the location to the
 * point looked at, right = forward x +y, up = right x forward.
 *
 * @throws {ShapeError} if there are not 7 finite numbers, the focal length is not positive, or location and point are
 * the same or on one vertical line, where "up" has no meaning.
 */
export function cameraFrame(camera: FloatArray): CameraFrame {
  const [x, y, z] = [camera[3] - camera[0], camera[4] - camera[1], camera[5] - camera[2]];
  const distance = Math.hypot(x, y, z);
  const forward: Vector3 = [x / distance, y / distance, z / distance];
  const sine = Math.hypot(forward[0], forward[2]);
  if (camera.length !== cameraSize || !(camera[6] > 0) || !(sine > 1e-9) || !Number.isFinite(distance + camera[6])) {
    throw new ShapeError(
      `camera: expected location, another point not straight above or below it, and a focal length above 0, got [${Array.from(camera).join(', ')}]`,
    );
  }
  const right: Vector3 = [-forward[2] / sine, 0, forward[0] / sine];
  return { location: [camera[0], camera[1], camera[2]], right, up: cross(right, forward), forward, distance, sine };
}

/**
 * Vertices in the camera's frame.
 *
 * @param vertices [n, 6]: (x, y, z, r, g, b); only positions are read.
 * @param out      [n, 3]: receives (x to the right, y up, z depth along the view), in the mesh's units.
 * @throws {ShapeError} if the lengths differ.
 * Cost: O(n).
 */
export function toCameraSpace<T extends FloatArray>(vertices: FloatArray, frame: CameraFrame, out: T): T {
  if (vertices.length !== out.length * 2) {
    throw new ShapeError(`toCameraSpace: expected [n, 6] and [n, 3], got lengths ${vertices.length} and ${out.length}`);
  }
  const { location, right, up, forward } = frame;
  for (let from = 0, to = 0; to < out.length; from += 6, to += 3) {
    const x = vertices[from] - location[0];
    const y = vertices[from + 1] - location[1];
    const z = vertices[from + 2] - location[2];
    out[to] = right[0] * x + right[1] * y + right[2] * z;
    out[to + 1] = up[0] * x + up[1] * y + up[2] * z;
    out[to + 2] = forward[0] * x + forward[1] * y + forward[2] * z;
  }
  return out;
}

/**
 * The gradient through toCameraSpace.
 *
 * @param pointsGradient   [n, 3]: dL/d camera-space points.
 * @param verticesGradient [n, 6]: dL/d positions is added.
 * @param cameraGradient   [7]: dL/d location and point are added; the focal length takes no part.
 */
export function cameraBackward(
  vertices: FloatArray,
  frame: CameraFrame,
  pointsGradient: FloatArray,
  verticesGradient: FloatArray,
  cameraGradient: FloatArray,
): void {
  const { location, right, up, forward, distance, sine } = frame;
  const rows = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const sum = [0, 0, 0];
  for (let from = 0, to = 0; from < pointsGradient.length; from += 3, to += 6) {
    const gx = pointsGradient[from];
    const gy = pointsGradient[from + 1];
    const gz = pointsGradient[from + 2];
    if (gx === 0 && gy === 0 && gz === 0) continue;
    for (let axis = 0; axis < 3; axis++) {
      const offset = vertices[to + axis] - location[axis];
      const gradient = right[axis] * gx + up[axis] * gy + forward[axis] * gz;
      verticesGradient[to + axis] += gradient;
      sum[axis] += gradient;
      rows[0][axis] += gx * offset;
      rows[1][axis] += gy * offset;
      rows[2][axis] += gz * offset;
    }
  }
  const ofUp: Vector3 = [rows[1][0], rows[1][1], rows[1][2]];
  // up = right x forward, right = s / |s| with s = forward x +y, forward = a / |a| with a = point - location.
  const ofRight = plus([rows[0][0], rows[0][1], rows[0][2]], cross(forward, ofUp));
  const ofSide = scaled(plus(ofRight, scaled(right, -dot(right, ofRight))), 1 / sine);
  const ofForward = plus(plus([rows[2][0], rows[2][1], rows[2][2]], cross(ofUp, right)), cross([0, 1, 0], ofSide));
  const ofView = scaled(plus(ofForward, scaled(forward, -dot(forward, ofForward))), 1 / distance);
  for (let axis = 0; axis < 3; axis++) {
    cameraGradient[axis] -= sum[axis] + ofView[axis];
    cameraGradient[axis + 3] += ofView[axis];
  }
}

/**
 * Camera-space points as pixels: x to the right from the left edge, y down from the top edge, pixel centres at half
 * integers, the optical axis through the middle of the image.
 *
 * @param focal focal length in image heights.
 * @param out   [n, 2]; a point at or behind the camera (depth <= 0) gives NaN.
 */
export function projectToPixels<T extends FloatArray>(points: FloatArray, focal: number, size: ImageSize, out: T): T {
  const scale = focal * size.heightPx;
  for (let from = 0, to = 0; to < out.length; from += 3, to += 2) {
    const depth = points[from + 2] > 0 ? points[from + 2] : Number.NaN;
    out[to] = size.widthPx / 2 + (scale * points[from]) / depth;
    out[to + 1] = size.heightPx / 2 - (scale * points[from + 1]) / depth;
  }
  return out;
}

function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function plus(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scaled(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

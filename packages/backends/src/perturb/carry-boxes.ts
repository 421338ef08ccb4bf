import { unitVector } from './rotate.js';

/** How an image was moved: turned clockwise about its centre, or its sides scaled. */
export type Movement =
  | {
      readonly kind: 'rotate';
      readonly degrees: number;
      /** Sides before and after. */
      readonly fromPx: readonly [width: number, height: number];
      readonly toPx: readonly [width: number, height: number];
    }
  | { readonly kind: 'scale'; readonly factorX: number; readonly factorY: number };

/** Longest side of a face in units of its shorter one that a turned box can give. */
const longest = 3;

/**
 * Carry boxes that were found in a moved image back into the image as it was.
 *
 * Scaling divides. A box has no tilt, so that a turned face does not lie in a turned box: the face is taken as the ellipse
 * that its box encloses. Turned by a, that of a box w x h is enclosed by W x H with W^2 = w^2 cos^2 a + h^2 sin^2 a and
 * H^2 = w^2 sin^2 a + h^2 cos^2 a. Solved for w and h: w^2 + h^2 = W^2 + H^2, w^2 - h^2 = (W^2 - H^2) / cos 2a. A box so
 * long that no ellipse gives it is taken as one whose sides are 3 to 1. The centre is turned back exactly.
 *
 * @param boxesXyxy Float32Array [N, 4], changed in place.
 * Source: the ellipse as the label of a turned object: Kalra, Stoppi, Brown, Agarwal, Kadambi (2021), "Towards Rotation
 * Invariance in Object Detection", ICCV.
 */
export function carryBoxesBack(boxesXyxy: Float32Array, movement: Movement): void {
  if (movement.kind === 'scale') {
    for (let at = 0; at < boxesXyxy.length; at += 2) {
      boxesXyxy[at] /= movement.factorX;
      boxesXyxy[at + 1] /= movement.factorY;
    }
    return;
  }
  const [cosTwice] = unitVector(2 * movement.degrees);
  for (let at = 0; at < boxesXyxy.length; at += 4) {
    const [x1, y1, x2, y2] = boxesXyxy.subarray(at, at + 4);
    const [x, y] = pointBack((x1 + x2) / 2, (y1 + y2) / 2, movement);
    const sum = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const most = (sum * (longest ** 2 - 1)) / (longest ** 2 + 1);
    const difference = Math.min(most, Math.max(-most, ((x2 - x1) ** 2 - (y2 - y1) ** 2) / cosTwice));
    const halfWidth = Math.sqrt((sum + difference) / 2) / 2;
    const halfHeight = Math.sqrt((sum - difference) / 2) / 2;
    boxesXyxy[at] = x - halfWidth;
    boxesXyxy[at + 1] = y - halfHeight;
    boxesXyxy[at + 2] = x + halfWidth;
    boxesXyxy[at + 3] = y + halfHeight;
  }
}

/**
 * Carry points back into the image as it was.
 *
 * @param points Float32Array [N, 2], changed in place.
 */
export function carryPointsBack(points: Float32Array, movement: Movement): void {
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = pointBack(points[at], points[at + 1], movement);
    points[at] = x;
    points[at + 1] = y;
  }
}

function pointBack(x: number, y: number, movement: Movement): readonly [number, number] {
  if (movement.kind === 'scale') return [x / movement.factorX, y / movement.factorY];
  const [cos, sin] = unitVector(movement.degrees);
  const [offX, offY] = [x - movement.toPx[0] / 2, y - movement.toPx[1] / 2];
  return [movement.fromPx[0] / 2 + cos * offX + sin * offY, movement.fromPx[1] / 2 - sin * offX + cos * offY];
}

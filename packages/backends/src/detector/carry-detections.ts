import { carryBoxesBack, carryPointsBack, type Movement } from '../perturb/carry-boxes.js';
import type { Detections } from './detections.js';

/**
 * Carry what was found in a moved image back into the image as it was: boxes by `carryBoxesBack`, landmarks and points as points.
 *
 * @param movements in the order in which they were made; none: the detections come back as they are.
 * @returns without what a dense head gave, whose camera is that of the moved image.
 */
export function carryDetections(found: Detections, movements: readonly Movement[]): Detections {
  if (movements.length === 0) return found;
  const { dense: _, ...rest } = found;
  const boxesXyxy = found.boxesXyxy.slice();
  const landmarks = found.landmarks?.slice();
  const points = found.points && { ...found.points, xy: found.points.xy.slice() };
  for (const movement of [...movements].reverse()) {
    carryBoxesBack(boxesXyxy, movement);
    if (landmarks !== undefined) carryPointsBack(landmarks, movement);
    if (points !== undefined) carryPointsBack(points.xy, movement);
  }
  return { ...rest, boxesXyxy, ...(landmarks && { landmarks }), ...(points && { points }) };
}

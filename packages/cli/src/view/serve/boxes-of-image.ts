import type { BrowsedView } from '../collect-view.js';
import type { Picture } from './pictures.js';

/**
 * The boxes of an image as bytes: Float32Array [faces + detections, 4], (x, y, w, h) in pixels, faces first.
 *
 * @returns undefined if there is no such record or image.
 */
export function boxesOfImage(
  { index, runs, facesXywh }: BrowsedView,
  record: number,
  image: number,
): Picture | undefined {
  const browsed = runs[record];
  if (browsed === undefined || index.images[image] === undefined) return undefined;
  const faces = facesXywh.subarray(4 * index.faces.start[image], 4 * index.faces.start[image + 1]);
  const { start } = browsed.run;
  const detections = browsed.boxesXywh.subarray(4 * start[image], 4 * start[image + 1]);
  const boxes = new Float32Array(faces.length + detections.length);
  boxes.set(faces);
  boxes.set(detections, faces.length);
  return { type: 'application/octet-stream', body: new Uint8Array(boxes.buffer) };
}

import type { Detections } from '@retinabench/backends';

/** Score from which a face counts as found. */
export const foundScore = 0.5;

/**
 * Choose the face that a photograph is about: of the faces that score at least `foundScore` the one whose box centre is
 * nearest the centre of the image; if there is none, the best.
 *
 * @returns index of a detection, or undefined if there is none at all.
 */
export function chooseFace(faces: Detections, widthPx: number, heightPx: number): number | undefined {
  let chosen: number | undefined;
  let nearest = Infinity;
  for (let face = 0; face < faces.count; face++) {
    if (faces.scores[face] < foundScore) continue;
    const [x1, y1, x2, y2] = faces.boxesXyxy.subarray(face * 4, face * 4 + 4);
    const distance = Math.hypot((x1 + x2 - widthPx) / 2, (y1 + y2 - heightPx) / 2);
    if (distance < nearest) {
      nearest = distance;
      chosen = face;
    }
  }
  return chosen ?? (faces.count > 0 ? 0 : undefined);
}

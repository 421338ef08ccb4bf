import { type DetectedImage, denseRow } from '@retinabench/backends/runs';
import type { DenseNumbers } from '../dense/face-meshes.js';

/** One detected face. */
export interface Face {
  /** x, y, w, h in pixels of the image as it is looked at. */
  readonly boxXywh: readonly [x: number, y: number, w: number, h: number];
  readonly score: number;
  /** Five points (x, y): left eye, right eye, nose tip, left and right mouth corner as they appear; absent: the model gives none. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
  /** All points (x, y) in the order of the card; absent where the five landmarks say it all. */
  readonly points?: readonly (readonly [x: number, y: number])[];
  /** What the dense head gave; absent: none was asked. */
  readonly dense?: DenseNumbers;
}

/** The faces of an image that score at least `minScore`, best first. */
export function facesOf({ detections, landmarks, points, dense }: DetectedImage, minScore: number): Face[] {
  const faces: Face[] = [];
  for (let face = 0; face * 5 < detections.length; face++) {
    const [x, y, w, h, score] = detections.slice(face * 5, face * 5 + 5);
    if (score < minScore) continue;
    const perFace = ((points?.length ?? 0) * 5) / detections.length;
    faces.push({
      boxXywh: [x, y, w, h],
      score,
      ...(landmarks === undefined ? {} : { landmarks: pairs(landmarks.slice(face * 10, face * 10 + 10)) }),
      ...(points === undefined ? {} : { points: pairs(points.slice(face * perFace, (face + 1) * perFace)) }),
      ...(dense === undefined || dense.length < (face + 1) * denseRow ? {} : { dense: denseOf(dense, face) }),
    });
  }
  return faces;
}

function denseOf(rows: readonly number[], face: number): DenseNumbers {
  const row = rows.slice(face * denseRow, (face + 1) * denseRow);
  const square = denseRow - 5;
  return { parameters: row.slice(0, square), squareXyxy: row.slice(square, square + 4), roll: row[square + 4] };
}

function pairs(xy: readonly number[]): (readonly [x: number, y: number])[] {
  return Array.from({ length: xy.length / 2 }, (_, i) => [xy[i * 2], xy[i * 2 + 1]] as const);
}

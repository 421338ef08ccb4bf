import type { DetectedImage } from '@retinabench/backends/runs';

/** One detected face. */
export interface Face {
  /** x, y, w, h in pixels of the image as it is looked at. */
  readonly boxXywh: readonly [x: number, y: number, w: number, h: number];
  readonly score: number;
  /** Five points (x, y): left eye, right eye, nose tip, left and right mouth corner as they appear; absent: the model gives none. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
  /** All points (x, y) in the order of the card; absent where the five landmarks say it all. */
  readonly points?: readonly (readonly [x: number, y: number])[];
}

/** The faces of an image that score at least `minScore`, best first. */
export function facesOf({ detections, landmarks, points }: DetectedImage, minScore: number): Face[] {
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
    });
  }
  return faces;
}

function pairs(xy: readonly number[]): (readonly [x: number, y: number])[] {
  return Array.from({ length: xy.length / 2 }, (_, i) => [xy[i * 2], xy[i * 2 + 1]] as const);
}

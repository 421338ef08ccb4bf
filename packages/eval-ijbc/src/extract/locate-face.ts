import type { ImageDetector, RgbImage } from '@retinabench/backends';
import type { ImageSides } from '@retinabench/core';
import { typicalPoints } from './align-face.js';
import { chooseFace, foundScore } from './choose-face.js';
import type { Landmarker } from './landmarker.js';

/** How the five points of an image were had. */
export type PointSource =
  /** From a detected face. */
  | 'detected'
  /** As the metadata give them. */
  | 'given'
  /** No face was found, or none that scores at least 0.5. */
  | 'not-found';

/** Five points and what is known of them. */
export interface LocatedFace {
  /** [5, 2] left eye, right eye, nose tip, left and right mouth corner. */
  readonly points: Float32Array;
  /** The detector's score, 0..1; 0 where nothing was found. */
  readonly score: number;
  readonly source: PointSource;
  /** (x1, y1, x2, y2) of the detection, or of the middle of the image where there is none; absent where points are given. */
  readonly box?: Float32Array;
  /** Centres of left eye, right eye and mouth, where a landmark network found them: [3, 2]. */
  readonly centres?: Float32Array;
  /** Sides of the crop in which they were found. */
  readonly found?: ImageSides;
}

/** Side of the box that is taken where no face was found, as a share of the image's. */
const fallbackShare = 0.5;

/**
 * Find the face of a photograph.
 *
 * For a detector without landmarks the landmarker finds them in its box; without a landmarker they are those of a typical
 * face in it. Where no face scores at least 0.5 the best
 * detection is used; where there is none, the points that the metadata give, else those of a typical face in the middle
 * half of the image. Both count as not found.
 *
 * @param landmarker asked whenever there is one, also where the detector has landmarks of its own.
 * @param given the metadata's points of the image, if there are any.
 */
export async function locateFace(
  detector: ImageDetector,
  landmarker: Landmarker | undefined,
  image: RgbImage,
  given: ArrayLike<number> | undefined,
): Promise<LocatedFace> {
  const faces = await detector.detect(image);
  const face = chooseFace(faces, image.widthPx, image.heightPx);
  if (face === undefined) {
    const box = middleBox(image);
    const points = given === undefined ? typicalPoints(box) : Float32Array.from(given);
    return { points, score: 0, source: 'not-found', box };
  }
  const score = faces.scores[face];
  const source = score >= foundScore ? 'detected' : 'not-found';
  const box = faces.boxesXyxy.slice(face * 4, face * 4 + 4);
  const landmarks = await landmarker?.locate(image, box);
  if (landmarks !== undefined) return { ...landmarks, score, source, box };
  return { points: faces.landmarks?.slice(face * 10, face * 10 + 10) ?? typicalPoints(box), score, source, box };
}

function middleBox({ widthPx, heightPx }: RgbImage): Float32Array {
  const margin = (1 - fallbackShare) / 2;
  return Float32Array.of(widthPx * margin, heightPx * margin, widthPx * (1 - margin), heightPx * (1 - margin));
}

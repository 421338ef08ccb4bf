import type { InputFrame } from '@retinabench/backends';
import type { FaceAnnotations } from '@retinabench/core';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';

/**
 * The annotated faces of image `image`, carried into the pixels of the network's input.
 *
 * @returns float64, so that a box rounds nowhere; a face without landmarks keeps its -1.
 */
export function annotationsInInput(
  { start, boxesXywh, landmarks }: WiderGroundTruth,
  image: number,
  { scaleX, scaleY, offsetXPx, offsetYPx }: InputFrame,
): Required<FaceAnnotations> & { readonly boxesXyxy: Float64Array; readonly landmarks: Float64Array } {
  const faces = start[image + 1] - start[image];
  const boxesXyxy = new Float64Array(faces * 4);
  const carried = new Float64Array(faces * 10).fill(-1);
  for (let face = 0; face < faces; face++) {
    const row = start[image] + face;
    const [x, y, w, h] = boxesXywh.subarray(row * 4, row * 4 + 4);
    boxesXyxy[face * 4] = x * scaleX + offsetXPx;
    boxesXyxy[face * 4 + 1] = y * scaleY + offsetYPx;
    boxesXyxy[face * 4 + 2] = (x + w) * scaleX + offsetXPx;
    boxesXyxy[face * 4 + 3] = (y + h) * scaleY + offsetYPx;
    const points = landmarks.subarray(row * 10, row * 10 + 10);
    // Of ground truth without landmarks there are none.
    if (points.every((value) => value === -1)) continue;
    for (let k = 0; k < 10; k += 2) {
      carried[face * 10 + k] = points[k] * scaleX + offsetXPx;
      carried[face * 10 + k + 1] = points[k + 1] * scaleY + offsetYPx;
    }
  }
  return { boxesXyxy, landmarks: carried };
}

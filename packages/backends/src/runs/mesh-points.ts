import { facePoints68, isRetinaBenchError, ModelError, projectVertices, splitDense } from '@retinabench/core';
import type { Detections } from '../detector/detections.js';
import { loadFaceModel } from './face-model.js';

/** Points that a mesh projects to. */
export const meshPointCount = facePoints68.length;

/** What stands for each coordinate of a face of which no mesh can be drawn. */
const lost = -1;

/**
 * Load the face model, by which the dense head's numbers become points.
 *
 * @returns a function that gives for each detection in turn the 68 points of 300-W (x, y) on its mesh, pixels; -1 throughout for a
 * face of which no mesh can be drawn.
 * @throws {EnvironmentError}, {ModelError} as loadFaceModel; the function {ModelError} if detections have no dense head.
 */
export async function loadMeshPoints(): Promise<(found: Detections) => number[]> {
  const model = await loadFaceModel();
  return ({ count, dense }) => {
    if (count === 0) return [];
    if (dense === undefined) throw new ModelError('mesh points: expected a network with a dense head, got none');
    return Array.from({ length: count }, (_, face) => pointsOf(dense, face)).flat();
  };

  function pointsOf({ parameters, squaresXyxy, rolls }: NonNullable<Detections['dense']>, face: number): number[] {
    const [x1, y1, x2, y2] = squaresXyxy.subarray(4 * face, 4 * face + 4);
    const frame = { centreX: (x1 + x2) / 2, centreY: (y1 + y2) / 2, sidePx: y2 - y1, roll: rolls?.[face] ?? 0 };
    const width = parameters.length / (squaresXyxy.length / 4);
    try {
      const { latent, camera } = splitDense(parameters.subarray(face * width, (face + 1) * width));
      const points = projectVertices(
        model,
        { latent: Float32Array.from(latent), camera: Float64Array.from(camera) },
        frame,
        facePoints68,
      );
      if (points.every(Number.isFinite)) return [...points];
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
    }
    return new Array<number>(2 * meshPointCount).fill(lost);
  }
}

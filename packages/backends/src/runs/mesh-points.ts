import { DenseFaceReader, facePoints68, isRetinaBenchError, ModelError, mirrored68 } from '@retinabench/core';
import type { Detections } from '../detector/detections.js';
import { loadFaceModel } from './face-model.js';

/** Points that a mesh projects to. */
export const meshPointCount = facePoints68.length;

/** What stands for each coordinate of a face of which no mesh can be drawn. */
const lost = -1;

/** Side of the raster that reading a face makes, in pixels: only its vertices are asked for. */
const rasterPx = 16;

/**
 * Load the face model, by which the dense head's numbers become points.
 *
 * @returns a function that gives for each detection in turn the 68 points of 300-W (x, y) on its mesh, pixels, point 0 at the left of
 * the image also where a mirrored pass found the face; -1 throughout for a face of which no mesh can be drawn.
 * @throws {EnvironmentError}, {ModelError} as loadFaceModel; the function {ModelError} if detections have no dense head.
 */
export async function loadMeshPoints(): Promise<(found: Detections) => number[]> {
  const { decoder, triangles } = await loadFaceModel();
  const reader = new DenseFaceReader(decoder, triangles, rasterPx);
  return ({ count, dense }) => {
    if (count === 0) return [];
    if (dense === undefined) throw new ModelError('mesh points: expected a network with a dense head, got none');
    return Array.from({ length: count }, (_, face) => pointsOf(dense, face)).flat();
  };

  function pointsOf({ parameters, squaresXyxy, rolls }: NonNullable<Detections['dense']>, face: number): number[] {
    const square = squaresXyxy.subarray(4 * face, 4 * face + 4);
    const width = parameters.length / (squaresXyxy.length / 4);
    try {
      const own = parameters.subarray(face * width, (face + 1) * width);
      const { verticesPx } = reader.read(own, square, rolls?.[face] ?? 0);
      const points = facePoints68.flatMap((vertex, at) => {
        const seen = square[0] > square[2] ? facePoints68[mirrored68[at]] : vertex;
        return [verticesPx[seen * 2], verticesPx[seen * 2 + 1]];
      });
      if (points.every(Number.isFinite)) return points;
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
    }
    return new Array<number>(2 * meshPointCount).fill(lost);
  }
}

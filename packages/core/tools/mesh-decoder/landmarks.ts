import type { TriangleMesh } from '@retinabench/core';
import { isEyeball } from './head-model.js';

/**
 * The vertices of the five landmarks, in the detector's order as seen in an image of the face from the front: left eye
 * (x < 0), right eye, nose tip, left and right mouth corner. An eye's is the foremost vertex of its cornea.
 *
 * @param source the vertex of the head that each vertex of the mesh is.
 */
export function landmarkVertices(mesh: TriangleMesh, source: Uint32Array): number[] {
  const places: readonly (readonly [x: number, y: number, z: number, onEye: boolean])[] = [
    [-3.2375, 3.611, 9.65, true],
    [3.2375, 3.611, 9.65, true],
    [0, 0.09, 13.09, false],
    [-2.7, -3.56, 10.17, false],
    [2.7, -3.56, 10.17, false],
  ];
  return places.map(([x, y, z, onEye]) => {
    let best = Number.POSITIVE_INFINITY;
    let found = 0;
    source.forEach((vertex, index) => {
      if (isEyeball(vertex) !== onEye) return;
      const at = index * 3;
      const distance = Math.hypot(mesh.positions[at] - x, mesh.positions[at + 1] - y, mesh.positions[at + 2] - z);
      if (distance < best) [best, found] = [distance, index];
    });
    return found;
  });
}

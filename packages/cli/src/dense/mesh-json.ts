import { splitDense } from '@retinabench/core';
import type { DenseNumbers, FaceMesh, LostMesh } from './face-meshes.js';

/**
 * What JSON says of a face's mesh: the numbers of the head as it gave them, the square that its camera looks at, the projected
 * points and how far the mesh's landmarks lie from the detected ones; or why there is no mesh.
 */
export function meshJson({ parameters, squareXyxy, roll }: DenseNumbers, mesh: FaceMesh | LostMesh): object {
  const [x1, y1, x2, y2] = squareXyxy;
  const { latent, camera, illumination } = splitDense(Float64Array.from(parameters));
  return {
    shapeAndTexture: Array.from(latent),
    camera: Array.from(camera),
    illumination: Array.from(illumination),
    frame: {
      centreX: rounded((x1 + x2) / 2),
      centreY: rounded((y1 + y2) / 2),
      sidePx: rounded(y2 - y1),
      roll,
      ...(x1 > x2 ? { mirrored: true } : {}),
    },
    ...('lost' in mesh
      ? { lost: mesh.lost }
      : {
          points68: mesh.points68.map((point) => point.map(rounded)),
          landmarkErrorPx: rounded(mesh.landmarkErrorPx),
          landmarkErrorShare: Number(mesh.landmarkErrorShare.toFixed(4)),
          doubtful: mesh.doubtful,
        }),
  };
}

/** To a hundredth of a pixel. */
function rounded(value: number): number {
  return Number(value.toFixed(2));
}

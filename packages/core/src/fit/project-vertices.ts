import { cameraFrame, projectToPixels, toCameraSpace } from '../render/camera.js';
import { type CropFrame, fromCrop } from './crop.js';
import type { FaceModel } from './face-model.js';
import type { FaceFit } from './fit-face.js';

/**
 * Where vertices of a fitted face lie in the photograph.
 *
 * @param frame    of the crop that was fitted.
 * @param vertices of the model's mesh.
 * @returns Float64Array [vertices, 2]: (x, y) in pixels of the image; those behind others, too.
 */
export function projectVertices(
  { decoder }: Pick<FaceModel, 'decoder'>,
  { latent, camera }: Pick<FaceFit, 'latent' | 'camera'>,
  frame: CropFrame,
  vertices: readonly number[],
): Float64Array {
  const points = toCameraSpace(decoder.decode(latent), cameraFrame(camera), new Float32Array(decoder.vertexCount * 3));
  const unit = { widthPx: 1, heightPx: 1 };
  const places = projectToPixels(points, camera[6], unit, new Float32Array(decoder.vertexCount * 2));
  return Float64Array.from(
    vertices.flatMap((vertex) => [...fromCrop(frame, places[vertex * 2], places[vertex * 2 + 1], 1)]),
  );
}

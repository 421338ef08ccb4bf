import { ShapeError } from '../errors.js';
import type { MeshDecoder } from '../mesh/decoder.js';
import { type FloatArray, floatsLike } from '../mesh/float-array.js';
import { cameraSize, illuminationSize } from './parameters.js';
import { pixelLoss } from './pixel-loss.js';
import type { Renderer } from './renderer.js';

/** A loss and its gradient. */
export interface ValueGradient {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Settings of the dense regression loss. */
export interface DenseLossOptions {
  /** Which pixels count: `all` as in equation 3, or only those that the mesh covers. Default `all`. */
  readonly pixels?: 'all' | 'covered';
}

/**
 * Equation 3 as a function of the dense head's outputs for one anchor: P_ST, P_cam, P_ill, 144 numbers with the paper's
 * 128. The pixel term of the multi-task loss.
 *
 * @param decoder  and `renderer`, of one mesh and one precision; their work space is used.
 * @param target   [height, width, 3]: I*, the anchor crop at the renderer's size, 0..1.
 * @returns a function of the parameters [latent + 7 + 9] that gives value and gradient, in that order; each call
 * allocates the gradient alone.
 * @throws {ShapeError} from that function, if the length differs or the camera is degenerate (cameraFrame).
 * Source: arXiv:1905.00641, section 3.2.
 */
export function densePixelTerm(
  decoder: MeshDecoder,
  renderer: Renderer,
  target: FloatArray,
  options: DenseLossOptions = {},
): (parameters: FloatArray) => ValueGradient {
  const latentSize = decoder.weights.shape.latent;
  const length = latentSize + cameraSize + illuminationSize;
  const imageGradient = floatsLike(renderer.image, renderer.image.length);
  const verticesGradient = floatsLike(decoder.vertices, decoder.vertices.length);
  return (parameters) => {
    if (parameters.length !== length) {
      throw new ShapeError(
        `dense loss: expected P_ST, P_cam and P_ill of ${latentSize} + ${cameraSize} + ${illuminationSize} numbers, got ${parameters.length}`,
      );
    }
    const { latent, camera, illumination } = splitDense(parameters);
    const vertices = decoder.decode(latent);
    const image = renderer.render(vertices, camera, illumination);
    const covered = options.pixels === 'covered' ? renderer.raster : undefined;
    const value = pixelLoss(image, target, imageGradient, covered);
    const gradient = new Float64Array(length);
    const parts = splitDense(gradient);
    verticesGradient.fill(0);
    renderer.backward(vertices, camera, illumination, imageGradient, {
      vertices: verticesGradient,
      camera: parts.camera,
      illumination: parts.illumination,
    });
    decoder.backward(verticesGradient, parts.latent);
    return { value, gradient };
  };
}

/** P_ST, P_cam and P_ill of the dense head's numbers, as views. */
export function splitDense<T extends FloatArray>(
  parameters: T,
): { readonly latent: T; readonly camera: T; readonly illumination: T } {
  const latentSize = parameters.length - cameraSize - illuminationSize;
  return {
    latent: parameters.subarray(0, latentSize) as T,
    camera: parameters.subarray(latentSize, latentSize + cameraSize) as T,
    illumination: parameters.subarray(latentSize + cameraSize) as T,
  };
}

import type { FloatArray } from '../mesh/float-array.js';
import { cameraSize, illuminationSize } from '../render/parameters.js';
import { pixelLoss } from '../render/pixel-loss.js';
import { Renderer } from '../render/renderer.js';
import type { FaceModel } from './face-model.js';
import { landmarkTerm } from './landmark-term.js';

/** Factors of the terms beside equation 3. */
export interface ObjectiveWeights {
  /** Of the landmark term. */
  readonly landmark: number;
  /** Of the prior on P_ST. */
  readonly prior: number;
}

/** The weights of `fit`, and of the trained dense head. */
export const defaultObjectiveWeights: ObjectiveWeights = { landmark: 40, prior: 0.012 };

/** What is minimised, by term. */
export interface ObjectiveValue {
  /** The weighted sum. */
  readonly total: number;
  /** Equation 3 over the covered pixels. */
  readonly pixel: number;
  /** Mean squared landmark distance in squared crop heights. */
  readonly landmark: number;
  /** Mean square of P_ST. */
  readonly prior: number;
}

/**
 * What a face in a crop should satisfy, with its gradient: equation 3 over the pixels that the mesh covers, the landmarks
 * where they were detected, and P_ST as likely as under a standard normal distribution. Holds its work space and the
 * model's; not re-entrant.
 *
 * Source: arXiv:1905.00641, equation 3; the other two terms are ours.
 */
export class FaceObjective {
  /** Gradients of the latest `evaluate`. */
  readonly latent: Float64Array;
  readonly camera = new Float64Array(cameraSize);
  readonly illumination = new Float64Array(illuminationSize);
  /** Of the latest `evaluate`: what the crop shows. */
  readonly renderer: Renderer;
  readonly #model: FaceModel;
  readonly #weights: ObjectiveWeights;
  readonly #vertices: Float32Array;
  readonly #image: Float32Array;

  /** @param cropPx side of the crops, 16 to 512 pixels. @throws {ShapeError} if the renderer cannot have it. */
  constructor(model: FaceModel, cropPx: number, weights: ObjectiveWeights = defaultObjectiveWeights) {
    const { decoder, triangles } = model;
    this.#model = model;
    this.#weights = weights;
    this.latent = new Float64Array(decoder.weights.shape.latent);
    this.renderer = new Renderer(
      triangles,
      decoder.vertexCount,
      { widthPx: cropPx, heightPx: cropPx },
      { culling: 'back' },
    );
    this.#vertices = new Float32Array(decoder.vertices.length);
    this.#image = new Float32Array(cropPx * cropPx * 3);
  }

  /**
   * Value and gradient.
   *
   * @param latent       [latent]: P_ST; `camera` [7] and `illumination` [9]: P_cam and P_ill.
   * @param target       [crop, crop, 3]: the crop, 0..1.
   * @param landmarks    [10]: where they were detected over the crop, 0..1.
   * @throws {ShapeError} if a length does not fit, or the camera is degenerate (cameraFrame).
   * Cost: a decode, a render and their gradients.
   */
  evaluate(
    latent: FloatArray,
    camera: FloatArray,
    illumination: FloatArray,
    target: FloatArray,
    landmarks: FloatArray,
  ): ObjectiveValue {
    const { decoder, landmarks: indices } = this.#model;
    const vertices = decoder.decode(latent);
    const rendered = this.renderer.render(vertices, camera, illumination);
    const pixel = pixelLoss(rendered, target, this.#image, this.renderer.raster);
    this.#vertices.fill(0);
    this.camera.fill(0);
    this.illumination.fill(0);
    const gradients = { vertices: this.#vertices, camera: this.camera, illumination: this.illumination };
    this.renderer.backward(vertices, camera, illumination, this.#image, gradients);
    const weight = this.#weights.landmark;
    const landmark = landmarkTerm(vertices, indices, camera, landmarks, weight, this.#vertices, this.camera);
    decoder.backward(this.#vertices, this.latent);
    const prior = addPrior(latent, this.#weights.prior, this.latent);
    return { total: pixel + weight * landmark + this.#weights.prior * prior, pixel, landmark, prior };
  }
}

/** Add the gradient of weight times mean P_ST^2; returns the mean. */
function addPrior(latent: FloatArray, weight: number, gradient: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < latent.length; at++) {
    sum += latent[at] * latent[at];
    gradient[at] += (2 * weight * latent[at]) / latent.length;
  }
  return sum / latent.length;
}

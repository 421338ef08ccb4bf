import { DatasetError, ShapeError } from '../errors.js';
import type { MeshDecoder } from '../mesh/decoder.js';
import { cameraSize, illuminationSize } from '../render/parameters.js';
import { pixelLoss } from '../render/pixel-loss.js';
import { Renderer } from '../render/renderer.js';
import { Adam } from './adam.js';
import { type CropFrame, cutCrop, type RgbPixels, toCrop } from './crop.js';
import { cameraRates, initialCamera } from './initial-camera.js';
import { landmarkTerm } from './landmark-term.js';

/** The decoder of a face with what a fit needs to know of its mesh. */
export interface FaceModel {
  readonly decoder: MeshDecoder;
  readonly triangles: Uint32Array;
  /** Vertices of the five landmarks, in the detector's order. */
  readonly landmarks: readonly number[];
}

/** One round of a fit. */
export interface FitRound {
  readonly cropPx: number;
  /** The weighted sum that is minimised. */
  readonly total: number;
  /** Equation 3 over the covered pixels. */
  readonly pixel: number;
  /** Mean squared landmark distance in squared crop heights. */
  readonly landmark: number;
  /** Mean square of P_ST. */
  readonly prior: number;
}

/** A fitted face. */
export interface FaceFit {
  readonly latent: Float32Array;
  readonly camera: Float64Array;
  readonly illumination: Float64Array;
  readonly rounds: readonly FitRound[];
}

/** Settings of a fit. */
export interface FitOptions {
  /** Rounds at each crop size, coarse to fine; default 80 at 64 px, 120 at 128 px. */
  readonly schedule?: readonly { readonly cropPx: number; readonly rounds: number }[];
  /** Factor of the landmark term; default 40. */
  readonly landmarkWeight?: number;
  /** Factor of the prior on P_ST; default 0.012. */
  readonly priorWeight?: number;
}

const defaultSchedule = [
  { cropPx: 64, rounds: 80 },
  { cropPx: 128, rounds: 120 },
];

/** Adam's step for P_ST, and for each number of P_ill: centimetres for the light's place. */
const latentRate = 0.1;
const illuminationRates = Float64Array.of(4, 4, 4, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02);

/** A light before and above the face, half of it direct. */
const startIllumination = [0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

/**
 * Fit the coloured mesh to a face by analysis by synthesis: from a camera that explains the landmarks, gradient descent
 * (Adam) on equation 3 over the pixels that the mesh covers, plus a landmark term, plus the prior that P_ST is standard
 * normal; coarse to fine. Deterministic.
 *
 * @param image     the photograph.
 * @param frame     the face in it (faceCrop).
 * @param landmarks [10]: five landmarks in pixels of the image.
 * @throws {ShapeError} if the landmarks are not ten numbers, or a crop size is not from 16 to 512 px.
 * @throws {DatasetError} if no camera explains the landmarks, as those of a face never are.
 * Cost: a decode, a render and their gradients a round.
 */
export function fitFace(
  model: FaceModel,
  image: RgbPixels,
  frame: CropFrame,
  landmarks: ArrayLike<number>,
  options: FitOptions = {},
): FaceFit {
  const rounds = fitFaceByRounds(model, image, frame, landmarks, options);
  for (;;) {
    const next = rounds.next();
    if (next.done) return next.value;
  }
}

/**
 * fitFace step by step: yields each round when it is done, so that a caller can show progress, let other work in, or
 * stop. Between rounds the decoder of `model` may be used.
 */
export function* fitFaceByRounds(
  model: FaceModel,
  image: RgbPixels,
  frame: CropFrame,
  landmarks: ArrayLike<number>,
  options: FitOptions = {},
): Generator<FitRound, FaceFit, void> {
  const { schedule = defaultSchedule, landmarkWeight = 40, priorWeight = 0.012 } = options;
  if (landmarks.length !== 10 || schedule.some(({ cropPx }) => !(cropPx >= 16 && cropPx <= 512))) {
    throw new ShapeError(
      `fitFace: expected five landmarks and crop sizes from 16 to 512 px, got ${landmarks.length} numbers and ${schedule.map(({ cropPx }) => cropPx).join(', ')}`,
    );
  }
  const targets = Float64Array.from({ length: 10 }, (_, at) => {
    const first = at - (at % 2);
    return toCrop(frame, landmarks[first], landmarks[first + 1], 1)[at % 2];
  });
  const { decoder } = model;
  const latent = new Float32Array(decoder.weights.shape.latent);
  const camera = initialCamera(decoder.decode(latent).slice(), model.landmarks, targets);
  if (!camera.every(Number.isFinite) || !(camera[6] > 0)) throw lostCamera();
  const illumination = Float64Array.from(startIllumination);
  const optimisers = [new Adam(latent.length), new Adam(cameraSize), new Adam(illuminationSize)] as const;
  const gradients = {
    latent: new Float64Array(latent.length),
    camera: new Float64Array(cameraSize),
    illumination: new Float64Array(illuminationSize),
    vertices: new Float32Array(decoder.vertices.length),
  };
  const rounds: FitRound[] = [];
  const all = schedule.reduce((sum, stage) => sum + stage.rounds, 0);
  for (const stage of schedule) {
    const { cropPx } = stage;
    const target = cutCrop(image, frame, cropPx);
    const renderer = new Renderer(
      model.triangles,
      decoder.vertexCount,
      { widthPx: cropPx, heightPx: cropPx },
      { culling: 'back' },
    );
    const imageGradient = new Float32Array(target.length);
    for (let round = 0; round < stage.rounds; round++) {
      const vertices = decoder.decode(latent);
      const rendered = renderer.render(vertices, camera, illumination);
      const pixel = pixelLoss(rendered, target, imageGradient, renderer.raster);
      gradients.vertices.fill(0);
      gradients.camera.fill(0);
      gradients.illumination.fill(0);
      renderer.backward(vertices, camera, illumination, imageGradient, gradients);
      const landmark = landmarkTerm(
        vertices,
        model.landmarks,
        camera,
        targets,
        landmarkWeight,
        gradients.vertices,
        gradients.camera,
      );
      decoder.backward(gradients.vertices, gradients.latent);
      const prior = addPrior(latent, priorWeight, gradients.latent);
      const slowing = Math.min(1, 2 - (2 * rounds.length) / all);
      optimisers[0].step(latent, gradients.latent, latentRate * slowing);
      optimisers[1].step(
        camera,
        gradients.camera,
        cameraRates.map((rate) => 0.5 * rate * slowing),
      );
      optimisers[2].step(
        illumination,
        gradients.illumination,
        illuminationRates.map((rate) => rate * slowing),
      );
      for (let at = 3; at < illuminationSize; at++) illumination[at] = Math.max(0.02, illumination[at]);
      const total = pixel + landmarkWeight * landmark + priorWeight * prior;
      if (!Number.isFinite(total)) throw lostCamera();
      rounds.push({ cropPx, total, pixel, landmark, prior });
      yield rounds[rounds.length - 1];
    }
  }
  return { latent, camera, illumination, rounds };
}

function lostCamera(): DatasetError {
  return new DatasetError(
    'fit: expected the five landmarks of a face in the order left eye, right eye, nose tip, left and right mouth corner, got points that no camera explains; check box and landmarks',
  );
}

/** Add the gradient of weight times mean P_ST^2; returns the mean. */
function addPrior(latent: Float32Array, weight: number, gradient: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < latent.length; at++) {
    sum += latent[at] * latent[at];
    gradient[at] += (2 * weight * latent[at]) / latent.length;
  }
  return sum / latent.length;
}

import { DatasetError, ShapeError } from '../errors.js';
import { cameraSize, illuminationSize } from '../render/parameters.js';
import { Adam } from './adam.js';
import { type CropFrame, cutCrop, type RgbPixels, toCrop } from './crop.js';
import type { FaceModel } from './face-model.js';
import { defaultObjectiveWeights, FaceObjective, type ObjectiveValue } from './face-objective.js';
import { cameraRates, initialCamera } from './initial-camera.js';

/** One round of a fit. */
export interface FitRound extends ObjectiveValue {
  readonly cropPx: number;
}

/** Where a fit begins. */
export interface FitStart {
  /** [latent]: P_ST; camera [7] and illumination [9] relative to the crop. */
  readonly latent: ArrayLike<number>;
  readonly camera: ArrayLike<number>;
  readonly illumination: ArrayLike<number>;
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
  /** Default: the mean face under the camera that explains the landmarks best, and a light before and above it. */
  readonly start?: FitStart;
}

const defaultSchedule = [
  { cropPx: 64, rounds: 80 },
  { cropPx: 128, rounds: 120 },
];

/** Adam's step for P_ST, and for each number of P_ill: centimetres for the light's place. */
const latentRate = 0.1;
const illuminationRates = Float64Array.of(4, 4, 4, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02);

/** A light before and above the face, half of it direct. */
export const startIllumination: readonly number[] = [0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

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
  const { schedule = defaultSchedule, start } = options;
  const weights = {
    landmark: options.landmarkWeight ?? defaultObjectiveWeights.landmark,
    prior: options.priorWeight ?? defaultObjectiveWeights.prior,
  };
  if (landmarks.length !== 10 || schedule.some(({ cropPx }) => !(cropPx >= 16 && cropPx <= 512))) {
    throw new ShapeError(
      `fitFace: expected five landmarks and crop sizes from 16 to 512 px, got ${landmarks.length} numbers and ${schedule.map(({ cropPx }) => cropPx).join(', ')}`,
    );
  }
  const targets = Float64Array.from({ length: 10 }, (_, at) => {
    const first = at - (at % 2);
    return toCrop(frame, landmarks[first], landmarks[first + 1], 1)[at % 2];
  });
  const face = beginAt(model, targets, start);
  const descent = new Descent(face);
  const rounds: FitRound[] = [];
  const all = schedule.reduce((sum, stage) => sum + stage.rounds, 0);
  for (const stage of schedule) {
    const { cropPx } = stage;
    const target = cutCrop(image, frame, cropPx);
    const objective = new FaceObjective(model, cropPx, weights);
    for (let round = 0; round < stage.rounds; round++) {
      const value = objective.evaluate(face.latent, face.camera, face.illumination, target, targets);
      descent.step(objective, Math.min(1, 2 - (2 * rounds.length) / all));
      if (!Number.isFinite(value.total)) throw lostCamera();
      rounds.push({ cropPx, ...value });
      yield rounds[rounds.length - 1];
    }
  }
  return { ...face, rounds };
}

/** What is fitted. */
type FittedNumbers = Omit<FaceFit, 'rounds'>;

/** @param targets [10]: landmarks in the crop. @throws as `fitFace`. */
function beginAt(model: FaceModel, targets: Float64Array, start: FitStart | undefined): FittedNumbers {
  const { decoder } = model;
  const latent = new Float32Array(decoder.weights.shape.latent);
  if (start && (start.latent.length !== latent.length || start.camera.length !== cameraSize)) {
    throw new ShapeError(
      `fitFace: expected a start of ${latent.length} and ${cameraSize} numbers, got ${start.latent.length} and ${start.camera.length}`,
    );
  }
  if (start) latent.set(start.latent);
  const camera = start
    ? Float64Array.from(start.camera)
    : initialCamera(decoder.decode(latent).slice(), model.landmarks, targets);
  if (!camera.every(Number.isFinite) || !(camera[6] > 0)) throw lostCamera();
  return { latent, camera, illumination: Float64Array.from(start?.illumination ?? startIllumination) };
}

/** Adam's steps down the gradients of an objective, each group of numbers at its own rate. */
class Descent {
  readonly #face: FittedNumbers;
  readonly #latent: Adam;
  readonly #camera = new Adam(cameraSize);
  readonly #illumination = new Adam(illuminationSize);

  constructor(face: FittedNumbers) {
    this.#face = face;
    this.#latent = new Adam(face.latent.length);
  }

  /** @param slowing factor of all rates. */
  step(gradients: FaceObjective, slowing: number): void {
    const { latent, camera, illumination } = this.#face;
    this.#latent.step(latent, gradients.latent, latentRate * slowing);
    this.#camera.step(
      camera,
      gradients.camera,
      cameraRates.map((rate) => 0.5 * rate * slowing),
    );
    this.#illumination.step(
      illumination,
      gradients.illumination,
      illuminationRates.map((rate) => rate * slowing),
    );
    for (let at = 3; at < illuminationSize; at++) illumination[at] = Math.max(0.02, illumination[at]);
  }
}

function lostCamera(): DatasetError {
  return new DatasetError(
    'fit: expected the five landmarks of a face in the order left eye, right eye, nose tip, left and right mouth corner, got points that no camera explains; check box and landmarks',
  );
}

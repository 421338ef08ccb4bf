import {
  cameraSize,
  type FaceModel,
  FaceObjective,
  type FloatArray,
  illuminationSize,
  initialCamera,
  landmarkTerm,
  type ObjectiveValue,
  seededRandom,
  splitDense,
  startIllumination,
} from '@retinabench/core';
import {
  applyHead,
  type Head,
  type HeadParameters,
  headGradient,
  outputs,
  parameterNames,
  zeroHead,
  zeroParameters,
} from './head.js';
import { lightOfFace } from './light-of-face.js';
import { ridge } from './ridge.js';
import { cropPx, type Samples } from './samples.js';

/** A part of a training, with a warm-up and a cosine of its own. */
export interface Stage {
  readonly steps: number;
  /** Samples of a step. */
  readonly batch: number;
  /** Adam's step at its peak, in deviations of the outputs. */
  readonly rate: number;
}

/** Settings of a training. A checkpoint belongs to its recipe. */
export interface Recipe {
  /** First the camera, on the landmarks of the mean face alone: a sample costs 20 microseconds. */
  readonly landmarks: Stage;
  /** Then the light, in closed form: so many samples are fitted on the mean face, and regressed on what the head sees. */
  readonly lightSamples: number;
  /** Last all numbers, on equation 3, landmarks and prior: a sample costs 5 milliseconds. */
  readonly all: Stage;
  readonly seed: number;
  /** Hidden units of each anchor size; 0: a linear head, as the paper's. */
  readonly hidden: number;
  /** Factor of the landmark term beside equation 3. */
  readonly landmarkWeight: number;
  /** Factor of the prior on P_ST. */
  readonly priorWeight: number;
  /** Each step weights lose this share of themselves times the rate; biases do not. */
  readonly weightDecay: number;
}

/** The recipe of the head that the models package ships. */
export const defaultRecipe: Recipe = {
  landmarks: { steps: 800, batch: 128, rate: 0.01 },
  lightSamples: 4000,
  all: { steps: 300, batch: 32, rate: 0.003 },
  ...{ seed: 22, hidden: 16, landmarkWeight: 40, priorWeight: 0.012, weightDecay: 0.1 },
};

/** Means over the samples of a step. */
export interface StepValue extends ObjectiveValue {
  /** Samples whose camera lost the face; they give no gradient. */
  readonly lost: number;
}

/** Decays of Adam's moments (arXiv:1412.6980); the second is short, as a training has few steps. */
const [decay1, decay2] = [0.9, 0.99];

/** Numbers of P_ST. */
const latentSize = outputs - cameraSize - illuminationSize;

/** Penalty of the regression of lights, in samples. */
const lightPenalty = 30;

/** About how far each number moves from face to face: P_ST, camera, light. */
const scale = Float64Array.of(
  ...new Array<number>(latentSize).fill(0.4),
  ...[25, 10, 10, 1, 1, 1, 0.2],
  ...[30, 30, 20, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2],
);

/** Trains a head on samples by equation 3, the landmarks and the prior. The same recipe gives the same numbers. */
export class Trainer {
  readonly head: Head;
  readonly recipe: Recipe;
  /** Moments of Adam, parallel to the head's parameters. */
  readonly moments: Readonly<Record<'first' | 'second', HeadParameters>>;
  step = 0;
  readonly #samples: Samples;
  readonly #features: Float32Array;
  readonly #model: FaceModel;
  readonly #objective: FaceObjective;
  readonly #meanFace: Float32Array;
  readonly #ignored: Float32Array;
  readonly #gradient: HeadParameters;

  /**
   * @param features [samples, inputs], whitened.
   * @param heads    anchor sizes of the network.
   */
  constructor(recipe: Recipe, model: FaceModel, heads: number, samples: Samples, features: Float32Array) {
    this.recipe = recipe;
    this.#samples = samples;
    this.#features = features;
    this.#model = model;
    this.#meanFace = Float32Array.from(model.decoder.decode(new Float32Array(latentSize)));
    this.#ignored = new Float32Array(this.#meanFace.length);
    const shape = { heads, inputs: features.length / samples.count, hidden: recipe.hidden };
    this.head = startHead(model, this.#meanFace, zeroHead(shape, scale, recipe.seed), samples);
    this.#objective = new FaceObjective(model, cropPx, { landmark: recipe.landmarkWeight, prior: recipe.priorWeight });
    this.moments = { first: zeroParameters(shape), second: zeroParameters(shape) };
    this.#gradient = zeroParameters(shape);
  }

  /** All steps of the recipe. */
  get lastStep(): number {
    return this.recipe.landmarks.steps + this.recipe.all.steps;
  }

  /** One step; which samples it draws depends on seed and step alone. */
  advance(): StepValue {
    const { seed, landmarks, all } = this.recipe;
    if (this.step === landmarks.steps) this.#startLight();
    const onLandmarks = this.step < landmarks.steps;
    const stage = onLandmarks ? landmarks : all;
    const rate = rateAt(stage, onLandmarks ? this.step : this.step - landmarks.steps);
    const random = seededRandom(seed * 1_000_003 + this.step);
    for (const name of parameterNames) this.#gradient[name].fill(0);
    const sum = { total: 0, pixel: 0, landmark: 0, prior: 0 };
    let lost = 0;
    for (let draw = 0; draw < stage.batch; draw++) {
      const value = this.#differentiate(Math.floor(random() * this.#samples.count), onLandmarks);
      if (value === undefined) lost++;
      else for (const term of ['total', 'pixel', 'landmark', 'prior'] as const) sum[term] += value[term];
    }
    const count = Math.max(1, stage.batch - lost);
    this.#descend(1 / count, rate);
    this.step++;
    const { total, pixel, landmark, prior } = sum;
    return { total: total / count, pixel: pixel / count, landmark: landmark / count, prior: prior / count, lost };
  }

  /** Add the gradient of one sample; undefined if its camera looks past the face. */
  #differentiate(sample: number, onLandmarks: boolean): ObjectiveValue | undefined {
    const { landmarkWeight: weight } = this.recipe;
    const { latent, camera, illumination } = this.#numbersOf(sample);
    if (!seesFace(camera)) return undefined;
    const landmarks = this.#samples.landmarks.subarray(sample * 10, sample * 10 + 10);
    const slope = new Float64Array(outputs);
    const of = splitDense(slope);
    let value: ObjectiveValue;
    if (onLandmarks) {
      const { landmarks: indices } = this.#model;
      const landmark = landmarkTerm(this.#meanFace, indices, camera, landmarks, weight, this.#ignored, of.camera);
      value = { total: weight * landmark, pixel: 0, landmark, prior: 0 };
    } else {
      const objective = this.#objective;
      value = objective.evaluate(latent, camera, illumination, cropOf(this.#samples, sample), landmarks);
      of.latent.set(objective.latent);
      of.camera.set(objective.camera);
      of.illumination.set(objective.illumination);
    }
    if (!Number.isFinite(value.total)) return undefined;
    headGradient(this.head, this.#samples.heads[sample], this.#seenBy(sample), slope, this.#gradient);
    return value;
  }

  /** What the head gives for a sample. */
  #numbersOf(sample: number): ReturnType<typeof splitDense<Float64Array>> {
    const given = new Float64Array(outputs);
    applyHead(this.head, this.#samples.heads[sample], this.#seenBy(sample), given);
    return splitDense(given);
  }

  #seenBy(sample: number): Float32Array {
    const { inputs } = this.head.shape;
    return this.#features.subarray(sample * inputs, (sample + 1) * inputs);
  }

  /** The head's light by regression: on each sample the best light of the mean face under the head's own camera. */
  #startLight(): void {
    const { renderer } = this.#objective;
    const { shape, weight, bias } = this.head;
    for (let index = 0; index < shape.heads; index++) {
      const chosen = Array.from(
        { length: Math.min(this.recipe.lightSamples, this.#samples.count) },
        (_, at) => at,
      ).filter((sample) => this.#samples.heads[sample] === index && seesFace(this.#numbersOf(sample).camera));
      if (chosen.length === 0) continue;
      const seen = Float32Array.from(chosen.flatMap((sample) => [...this.#seenBy(sample)]));
      const lights = chosen.flatMap((sample) => [
        ...lightOfFace(renderer, this.#meanFace, this.#numbersOf(sample).camera, cropOf(this.#samples, sample)),
      ]);
      const first = outputs - illuminationSize;
      const targets = Float32Array.from(lights, (value, at) => value / scale[first + (at % illuminationSize)]);
      const found = ridge(seen, shape.inputs, targets, illuminationSize, lightPenalty);
      weight.set(found.weight, (index * outputs + first) * shape.inputs);
      bias.set(found.constant, index * outputs + first);
    }
  }

  #descend(share: number, size: number): void {
    const { weightDecay } = this.recipe;
    const unbias1 = 1 / (1 - decay1 ** (this.step + 1));
    const unbias2 = 1 / (1 - decay2 ** (this.step + 1));
    for (const name of parameterNames) {
      const [values, slopes] = [this.head[name], this.#gradient[name]];
      const [first, second] = [this.moments.first[name], this.moments.second[name]];
      const keep = name === 'bias' || name === 'hiddenBias' ? 1 : 1 - size * weightDecay;
      for (let at = 0; at < values.length; at++) {
        const slope = slopes[at] * share;
        first[at] = decay1 * first[at] + (1 - decay1) * slope;
        second[at] = decay2 * second[at] + (1 - decay2) * slope * slope;
        values[at] = values[at] * keep - (size * unbias1 * first[at]) / (Math.sqrt(second[at] * unbias2) + 1e-8);
      }
    }
  }
}

/** Warm-up over the first twentieth of a stage, then half a cosine to zero. */
function rateAt({ steps, rate }: Stage, at: number): number {
  const warmUp = steps / 20;
  return rate * (at < warmUp ? (at + 1) / warmUp : 0.5 * (1 + Math.cos((Math.PI * (at - warmUp)) / (steps - warmUp))));
}

/** Let a head that gives zero give the mean face under one camera and one light, whatever it sees. */
function startHead(model: FaceModel, meanFace: FloatArray, head: Head, samples: Samples): Head {
  const landmarks = Float64Array.from({ length: 10 }, (_, k) => {
    let sum = 0;
    for (let sample = 0; sample < samples.count; sample++) sum += samples.landmarks[sample * 10 + k];
    return sum / samples.count;
  });
  const camera = initialCamera(meanFace, model.landmarks, landmarks);
  const start = [...new Array<number>(latentSize).fill(0), ...camera, ...startIllumination];
  for (let at = 0; at < head.bias.length; at++) head.bias[at] = start[at % outputs] / scale[at % outputs];
  return head;
}

/** Whether a camera stands before the face, and has a lens. */
function seesFace(camera: Float64Array): boolean {
  return camera[6] > 0.2 && Math.hypot(camera[0] - camera[3], camera[2] - camera[5]) > 20;
}

/** The crop of a sample, 0..1. */
function cropOf({ crops }: Samples, sample: number): Float32Array {
  const size = cropPx * cropPx * 3;
  return Float32Array.from(crops.subarray(sample * size, (sample + 1) * size), (value) => value / 255);
}

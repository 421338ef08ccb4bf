import {
  type CropFrame,
  cameraFrame,
  cutCrop,
  estimateSimilarity,
  type FaceModel,
  FaceObjective,
  type FitStart,
  fromCrop,
  initialCamera,
  projectToPixels,
  type RgbPixels,
  startIllumination,
  toCameraSpace,
  toCrop,
} from '@retinabench/core';

/** Side of the crops on which equation 3 is measured. */
const measurePx = 64;

/** How well numbers explain a face. */
export interface FaceMeasure {
  /** Equation 3 over the covered pixels, as a share of all pixels of the face's crop. */
  readonly pixel: number;
  /** The same over covered pixels alone: it cannot be lowered by a smaller mesh. */
  readonly perCovered: number;
  /** Mean distance of the five projected vertices from the detected landmarks, as a share of sqrt(w h) of the box. */
  readonly nme: number;
}

/** A face of a photograph. */
export interface MeasuredFace {
  readonly frame: CropFrame;
  /** [10], pixels of the photograph. */
  readonly landmarks: ArrayLike<number>;
  /** sqrt(w h) of the box, pixels. */
  readonly sizePx: number;
}

/** Direction from the face to the camera: degrees to its left, and up. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
}

/** Measures numbers on faces. Holds its work space; not re-entrant. */
export class FaceMeter {
  readonly #model: FaceModel;
  readonly #objective: FaceObjective;
  readonly #meanFace: Float64Array;

  constructor(model: FaceModel) {
    this.#model = model;
    this.#objective = new FaceObjective(model, measurePx);
    this.#meanFace = Float64Array.from(model.decoder.decode(new Float32Array(model.decoder.weights.shape.latent)));
  }

  /** @throws {ShapeError} if the camera is degenerate. */
  measure(image: RgbPixels, { frame, landmarks, sizePx }: MeasuredFace, numbers: FitStart, scale = 1): FaceMeasure {
    const targets = inCrop(frame, landmarks);
    const [latent, camera] = [Float32Array.from(numbers.latent), Float64Array.from(numbers.camera)];
    const light = Float64Array.from(numbers.illumination);
    const { pixel } = this.#objective.evaluate(latent, camera, light, cutCrop(image, frame, measurePx), targets);
    const covered = this.#objective.renderer.raster.triangle.filter((triangle) => triangle >= 0).length;
    const { decoder, landmarks: indices } = this.#model;
    const points = toCameraSpace(decoder.vertices, cameraFrame(camera), new Float64Array(decoder.vertexCount * 3));
    const places = projectToPixels(points, camera[6], unit, new Float64Array(decoder.vertexCount * 2));
    const distances = indices.map((vertex, k) =>
      Math.hypot(places[vertex * 2] - targets[k * 2], places[vertex * 2 + 1] - targets[k * 2 + 1]),
    );
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    return {
      pixel: pixel * scale ** 2,
      perCovered: (pixel * measurePx ** 2) / Math.max(1, covered),
      nme: (mean * frame.sidePx) / sizePx,
    };
  }

  /** The mean face seen from the front under the light that a fit starts with, placed by the best similarity. */
  bestSimilarity(image: RgbPixels, face: MeasuredFace): FaceMeasure | undefined {
    const { decoder, landmarks: indices } = this.#model;
    const camera = Float64Array.of(0, 1, 108, 0, 1, 8, 3.5);
    const points = toCameraSpace(this.#meanFace, cameraFrame(camera), new Float64Array(decoder.vertexCount * 3));
    const places = projectToPixels(points, camera[6], unit, new Float64Array(decoder.vertexCount * 2));
    const own = indices.flatMap((vertex) => [places[vertex * 2], places[vertex * 2 + 1]]);
    const { frame } = face;
    const found = estimateSimilarity(own, inCrop(frame, face.landmarks));
    if (!found.found) return undefined;
    const [a, , tx, b, , ty] = found.transform;
    const [x, y] = [(a - b) / 2 + tx, (a + b) / 2 + ty];
    const [centreX, centreY] = fromCrop(frame, x, y, 1);
    const size = Math.hypot(a, b);
    const turned = { centreX, centreY, sidePx: frame.sidePx * size, roll: frame.roll + Math.atan2(b, a) };
    const numbers = { latent: this.#noLatent(), camera, illumination: startIllumination };
    return this.measure(image, { ...face, frame: turned }, numbers, size);
  }

  /** What a fit starts from: the mean face under the camera that explains the landmarks best. */
  bestCamera({ frame, landmarks }: MeasuredFace): FitStart {
    const camera = initialCamera(this.#meanFace, this.#model.landmarks, inCrop(frame, landmarks));
    return { latent: this.#noLatent(), camera, illumination: startIllumination };
  }

  #noLatent(): Float32Array {
    return new Float32Array(this.#model.decoder.weights.shape.latent);
  }
}

/** The pose that a camera sees. */
export function poseOf(camera: ArrayLike<number>): Pose {
  const [x, y, z] = [0, 1, 2].map((axis) => camera[axis] - camera[axis + 3]);
  const degrees = 180 / Math.PI;
  return { yaw: Math.atan2(x, z) * degrees, pitch: Math.atan2(y, Math.hypot(x, z)) * degrees };
}

const unit = { widthPx: 1, heightPx: 1 };

function inCrop(frame: CropFrame, landmarks: ArrayLike<number>): Float64Array {
  const out = new Float64Array(10);
  for (let k = 0; k < 10; k += 2) out.set(toCrop(frame, landmarks[k], landmarks[k + 1], 1), k);
  return out;
}

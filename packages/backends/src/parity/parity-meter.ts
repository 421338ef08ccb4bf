import type { ParityResult, Split } from '@retinabench/results';
import type { Tensor, Tolerance } from '../backend/backend.js';
import type { Detections } from '../detector/detections.js';
import { compareDetections } from './compare-detections.js';
import { compareTensors } from './compare-tensors.js';
import { countTied } from './count-tied.js';
import type { OutputBounds } from './output-bounds.js';
import { apTolerance, unmatchedShare } from './parity-limits.js';

/** Collects how far one backend lies from the reference, image by image. */
export class ParityMeter {
  readonly #outputMaxAbsolute: Record<string, number> = {};
  readonly #outputMaxRelative: Record<string, number> = {};
  readonly #outputTolerance: Record<string, number> = {};
  readonly #outputRole: Record<string, string> = {};
  #outputsWithin = true;
  #images = 0;
  #detections = 0;
  #unmatched = 0;
  #tied = 0;
  #scoreMaxAbsolute = 0;
  #boxMaxPx = 0;
  #landmarks = { faces: 0, maxPx: 0, sumOfErrors: 0 };

  readonly #backend: string;
  readonly #tolerance: Tolerance;

  constructor(backend: string, tolerance: Tolerance) {
    this.#backend = backend;
    this.#tolerance = tolerance;
  }

  /**
   * Add the raw outputs of one run of the network.
   *
   * @param bounds by output; those that it lacks are held to the backend's own.
   * @throws {BackendError} if a shape differs or an element is no number.
   */
  addOutputs(
    reference: Readonly<Record<string, Tensor>>,
    actual: Readonly<Record<string, Tensor>>,
    bounds: ReadonlyMap<string, OutputBounds> = new Map(),
  ): void {
    for (const [name, expected] of Object.entries(reference)) {
      const place = `backend ${this.#backend}: output ${name}`;
      const own = bounds.get(name) ?? { ...this.#tolerance, role: 'parameter' };
      const difference = compareTensors(expected, actual[name], own, place);
      this.#outputTolerance[name] = Math.max(this.#outputTolerance[name] ?? 0, own.absolute);
      this.#outputRole[name] = own.role;
      this.#outputMaxAbsolute[name] = Math.max(this.#outputMaxAbsolute[name] ?? 0, difference.maxAbsolute);
      this.#outputMaxRelative[name] = Math.max(this.#outputMaxRelative[name] ?? 0, difference.maxRelative);
      if (!difference.withinTolerance) this.#outputsWithin = false;
    }
  }

  /** Add the detections of one image; `undefined` for a network that detects nothing. */
  addImage(reference: Detections | undefined, actual: Detections | undefined): void {
    this.#images++;
    if (!reference || !actual) return;
    const difference = compareDetections(reference, actual);
    this.#detections += reference.count;
    this.#tied += countTied(reference);
    this.#unmatched += difference.unmatched;
    this.#scoreMaxAbsolute = Math.max(this.#scoreMaxAbsolute, difference.scoreMaxAbsolute);
    this.#boxMaxPx = Math.max(this.#boxMaxPx, difference.boxMaxPx);
    if (difference.landmarks === undefined) return;
    const { faces, maxPx, sumOfErrors } = difference.landmarks;
    this.#landmarks = {
      faces: this.#landmarks.faces + faces,
      maxPx: Math.max(this.#landmarks.maxPx, maxPx),
      sumOfErrors: this.#landmarks.sumOfErrors + sumOfErrors,
    };
  }

  /**
   * The verdict so far. Scores are held to the absolute tolerance of outputs, box corners and landmarks to `boxPx`.
   *
   * @param apDifference AP less the reference's by split, where there is ground truth.
   */
  result(apDifference?: Partial<Record<Split, number>>): ParityResult {
    const withinTolerance =
      this.#outputsWithin &&
      this.#scoreMaxAbsolute <= this.#tolerance.absolute &&
      this.#boxMaxPx <= this.#tolerance.boxPx &&
      this.#landmarks.maxPx <= this.#tolerance.boxPx &&
      this.#unmatched <= Math.ceil(this.#detections * unmatchedShare) &&
      Object.values(apDifference ?? {}).every((difference) => Math.abs(difference) <= apTolerance);
    return {
      backend: this.#backend,
      images: this.#images,
      outputMaxAbsolute: this.#outputMaxAbsolute,
      outputMaxRelative: this.#outputMaxRelative,
      outputTolerance: this.#outputTolerance,
      outputRole: this.#outputRole,
      scoreMaxAbsolute: this.#scoreMaxAbsolute,
      boxMaxPx: this.#boxMaxPx,
      ...(this.#landmarks.faces === 0
        ? {}
        : {
            landmarkMaxPx: this.#landmarks.maxPx,
            landmarkNme: this.#landmarks.sumOfErrors / this.#landmarks.faces,
          }),
      unmatched: this.#unmatched,
      detections: this.#detections,
      ...(this.#tied === 0 ? {} : { tied: this.#tied }),
      ...(apDifference ? { apDifference } : {}),
      tolerance: this.#tolerance.absolute,
      boxTolerancePx: this.#tolerance.boxPx,
      withinTolerance,
    };
  }
}

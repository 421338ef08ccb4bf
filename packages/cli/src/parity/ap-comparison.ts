import type { Detections, RgbImage } from '@retinabench/backends';
import { type DetectedImage, toDetectedImage } from '@retinabench/backends/runs';
import { isRetinaBenchError } from '@retinabench/core';
import {
  loadGroundTruth,
  restrictGroundTruth,
  scoreWider,
  scoringProtocol,
  toPredictions,
} from '@retinabench/eval-wider';
import { type Split, splits } from '@retinabench/results';

/** Collects what each backend detects, and compares their AP with the reference's where the data set is annotated. */
export class ApComparison {
  /** Why there is no AP, if so. */
  readonly notes: string[] = [];
  readonly #detected = new Map<string, DetectedImage[]>();
  readonly #scores = new Map<string, Partial<Record<Split, number>> | undefined>();
  readonly #groundTruth: string;
  readonly #reference: string;

  /**
   * @param groundTruth folder or file of the annotations.
   * @param reference   id of the backend that the others are compared with.
   */
  constructor(groundTruth: string, reference: string) {
    this.#groundTruth = groundTruth;
    this.#reference = reference;
  }

  /** Add the detections of one image by backend. */
  addImage(name: string, image: RgbImage, found: ReadonlyMap<string, Detections | undefined>): void {
    for (const [backend, detections] of found) {
      if (detections === undefined) continue;
      const list = this.#detected.get(backend) ?? [];
      list.push(toDetectedImage(name, image.widthPx, image.heightPx, detections, 'none'));
      this.#detected.set(backend, list);
    }
  }

  /** AP of `backend` less that of the reference, for the splits that count a face; undefined without ground truth. */
  difference(backend: string): Partial<Record<Split, number>> | undefined {
    const expected = this.#score(this.#reference);
    const actual = this.#score(backend);
    if (!expected || !actual) return undefined;
    const difference: Partial<Record<Split, number>> = {};
    for (const split of splits) {
      const [a, b] = [actual[split], expected[split]];
      if (a !== undefined && b !== undefined) difference[split] = a - b;
    }
    return difference;
  }

  #score(backend: string): Partial<Record<Split, number>> | undefined {
    if (!this.#scores.has(backend)) this.#scores.set(backend, this.#compute(backend));
    return this.#scores.get(backend);
  }

  #compute(backend: string): Partial<Record<Split, number>> | undefined {
    const detected = this.#detected.get(backend);
    if (!detected) return undefined;
    try {
      const annotated = restrictGroundTruth(
        loadGroundTruth(this.#groundTruth),
        new Set(detected.map(({ image }) => image)),
      );
      return scoreWider(annotated, toPredictions(detected), scoringProtocol('python'));
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
      this.notes.push(`no AP of ${backend}: ${error.message}`);
      return undefined;
    }
  }
}

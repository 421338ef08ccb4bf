import { type ApInfluence, cocoIouThresholds, type RecallGrid, rankedInfluence } from '@retinabench/results';
import type { AreaCurve } from './area-curve.js';
import { MeanInfluence } from './mean-influence.js';

/** Recalls at which precision is read. */
const recallCount = 101;

/** Thresholds that have an AP of their own, by their index. */
const namedThresholds: ReadonlyMap<number, string> = new Map([
  [0, 'ap50'],
  [5, 'ap75'],
]);

/** Influences of images on numbers, with where the curves of those end that are APs, by name. */
export interface NamedInfluences {
  readonly influence: Record<string, ApInfluence>;
  readonly grids: Record<string, RecallGrid>;
}

/** The influences of images on AP over all thresholds, and on AP at those that have one of their own, under one limit. */
export class ApInfluences {
  readonly #facesOf: Int32Array;
  readonly #image: Int32Array;
  readonly #mean: MeanInfluence;
  readonly #ends: { readonly recall: number[]; readonly step: number[] } = { recall: [], step: [] };
  readonly #named: NamedInfluences = { influence: {}, grids: {} };

  /**
   * @param facesOf Int32Array [images]: counted faces.
   * @param image   Int32Array [detections] by rank: the image of each.
   */
  constructor(facesOf: Int32Array, image: Int32Array) {
    this.#facesOf = facesOf;
    this.#image = image;
    this.#mean = new MeanInfluence(facesOf);
  }

  /**
   * Add one threshold.
   *
   * @param curve matched at it.
   * @param most  detections of an image that count.
   * @param ap    at it.
   * @param out   Uint8Array [detections], overwritten.
   */
  add(index: number, curve: AreaCurve, most: number, ap: number, out: Uint8Array): void {
    const outcomes = curve.outcomes(most, out);
    const own = rankedInfluence({ outcomes, image: this.#image, faces: this.#facesOf }, ap);
    if (own === undefined) return;
    this.#mean.add(own);
    const { recall, precision } = curve.end(most);
    const step = precision / recallCount;
    this.#ends.recall.push(recall);
    this.#ends.step.push(step);
    const name = namedThresholds.get(index);
    if (name === undefined) return;
    this.#named.influence[name] = own;
    this.#named.grids[name] = { recall: [recall], step: [step] };
  }

  /**
   * What was added, by the names of the numbers.
   *
   * @param suffix of the range of areas, empty for all: only there a threshold has an AP of its own.
   */
  result(prefix: string, suffix: string): NamedInfluences {
    const named: NamedInfluences = {
      influence: { [`${prefix}ap${suffix}`]: this.#mean.result() },
      grids: { [`${prefix}ap${suffix}`]: this.#ends },
    };
    if (suffix !== '') return named;
    for (const name of namedThresholds.values()) {
      const own = this.#named.influence[name];
      if (own === undefined) continue;
      named.influence[prefix + name] = own;
      named.grids[prefix + name] = this.#named.grids[name];
    }
    return named;
  }
}

/**
 * The influence of each image on the mean recall over all thresholds, a ratio of sums over images.
 *
 * @param found Float64Array [images]: faces found at the thresholds, added up.
 */
export function recallInfluence(found: Float64Array, facesOf: Int32Array): ApInfluence {
  const faces = facesOf.reduce((sum, of) => sum + of, 0);
  const own = found.map((count) => count / cocoIouThresholds.length / faces);
  const recall = own.reduce((sum, share) => sum + share, 0);
  return {
    ap: recall,
    faces,
    found: own,
    influence: own.map((share, image) => share - (recall * facesOf[image]) / faces),
    missing: own.map((share, image) => facesOf[image] / faces - share),
  };
}

import type { ApInfluence } from '@retinabench/results';

/** The influences of images on the mean of several numbers over the same faces: the means of theirs. */
export class MeanInfluence {
  readonly #facesOf: Int32Array;
  readonly #found: Float64Array;
  readonly #missing: Float64Array;
  readonly #influence: Float64Array;
  #ap = 0;
  #count = 0;

  /** @param facesOf Int32Array [images]: counted faces. */
  constructor(facesOf: Int32Array) {
    this.#facesOf = facesOf;
    this.#found = new Float64Array(facesOf.length);
    this.#missing = new Float64Array(facesOf.length);
    this.#influence = new Float64Array(facesOf.length);
  }

  add({ ap, found, missing, influence }: ApInfluence): void {
    this.#ap += ap;
    this.#count++;
    for (let image = 0; image < found.length; image++) {
      this.#found[image] += found[image];
      this.#missing[image] += missing[image];
      this.#influence[image] += influence[image];
    }
  }

  result(): ApInfluence {
    const mean = (sums: Float64Array): Float64Array => sums.map((sum) => sum / Math.max(this.#count, 1));
    return {
      ap: this.#ap / Math.max(this.#count, 1),
      faces: this.#facesOf.reduce((sum, of) => sum + of, 0),
      found: mean(this.#found),
      missing: mean(this.#missing),
      influence: mean(this.#influence),
    };
  }
}

import { detectionOutcome, interpolatedApOfHits, matchListed, rankedWithPairs } from '@retinabench/results';
import type { MatchingInput } from '../match/prepare-matching.js';

/**
 * The matchings of the faces of one range of areas. Detections that overlap no face enough at any threshold are counted
 * once: they are false positives, or ignored for their area, at every threshold alike, so that a matching looks at the
 * others alone.
 */
export class AreaCurve {
  readonly #input: MatchingInput;
  readonly #counted: Uint8Array;
  readonly #outside: Uint8Array;
  readonly #faces: number;
  /** Ranks of the detections with pairs. */
  readonly #ranks: Int32Array;
  readonly #matched: Int32Array;
  readonly #proposalsAt: Int32Array;
  /** True positives of the last `ap`. */
  #found = 0;
  /** By limit Int32Array [ranks]: false positives without pairs that precede each of them. */
  readonly #before = new Map<number, Int32Array>();

  /**
   * @param counted Uint8Array [faces]: 1 where the face counts; more than 0 do.
   * @param outside Uint8Array [detections] by rank: 1 where a detection that finds no face is ignored.
   */
  constructor(input: MatchingInput, counted: Uint8Array, outside: Uint8Array) {
    this.#input = input;
    this.#counted = counted;
    this.#outside = outside;
    this.#faces = counted.reduce((sum, one) => sum + one, 0);
    this.#ranks = rankedWithPairs(input.pairs);
    this.#matched = new Int32Array(this.#ranks.length);
    this.#proposalsAt = new Int32Array(this.#faces);
  }

  /** Match at a threshold; what follows is of this matching. */
  match(threshold: number): void {
    const { faces, pairs } = this.#input;
    matchListed(pairs, this.#ranks, { counted: this.#counted, crowd: faces.crowd }, threshold, this.#matched);
  }

  /** AP with the best `most` detections of each image. */
  ap(most: number): number {
    const { place } = this.#input.ranked;
    const before = this.#falsePositivesBefore(most);
    let found = 0;
    let proposals = 0;
    for (let at = 0; at < this.#ranks.length; at++) {
      const rank = this.#ranks[at];
      if (place[rank] >= most) continue;
      const face = this.#matched[at];
      if (face < 0) proposals += 1 - this.#outside[rank];
      else if (this.#counted[face] === 1) {
        proposals++;
        this.#proposalsAt[found++] = before[at] + proposals;
      }
    }
    this.#found = found;
    return interpolatedApOfHits(this.#proposalsAt.subarray(0, found), this.#faces);
  }

  /** Where the curve of the best `most` detections of each image ends: recall, and precision at its last true positive. */
  end(most: number): { readonly recall: number; readonly precision: number } {
    this.ap(most);
    const found = this.#found;
    return { recall: found / this.#faces, precision: found === 0 ? 0 : found / this.#proposalsAt[found - 1] };
  }

  /**
   * Share of the faces that the best detections of each image find, for each of the limits.
   *
   * @param byImage for each limit Float64Array [images]: what each image finds is added to it.
   */
  recalls(limits: readonly number[], byImage?: readonly Float64Array[]): number[] {
    const { place, image } = this.#input.ranked;
    const found = limits.map(() => 0);
    for (let at = 0; at < this.#ranks.length; at++) {
      const face = this.#matched[at];
      if (face < 0 || this.#counted[face] === 0) continue;
      const own = place[this.#ranks[at]];
      for (let limit = 0; limit < limits.length; limit++) {
        if (own >= limits[limit]) continue;
        found[limit]++;
        if (byImage !== undefined) byImage[limit][image[this.#ranks[at]]]++;
      }
    }
    return found.map((count) => count / this.#faces);
  }

  /**
   * What becomes of every detection, those without pairs among them.
   *
   * @param most detections of an image beyond are ignored.
   * @param out  Uint8Array [detections] by rank: receives `detectionOutcome`.
   */
  outcomes(most: number, out: Uint8Array): Uint8Array {
    const { falsePositive, truePositive, ignored } = detectionOutcome;
    const { place } = this.#input.ranked;
    for (let rank = 0; rank < out.length; rank++) out[rank] = this.#outside[rank] === 1 ? ignored : falsePositive;
    for (let at = 0; at < this.#ranks.length; at++) {
      const face = this.#matched[at];
      if (face >= 0) out[this.#ranks[at]] = this.#counted[face] === 1 ? truePositive : ignored;
    }
    if (most < Number.POSITIVE_INFINITY) {
      for (let rank = 0; rank < out.length; rank++) if (place[rank] >= most) out[rank] = ignored;
    }
    return out;
  }

  #falsePositivesBefore(most: number): Int32Array {
    const known = this.#before.get(most);
    if (known !== undefined) return known;
    const { place } = this.#input.ranked;
    const before = new Int32Array(this.#ranks.length);
    let count = 0;
    let next = 0;
    for (let at = 0; at < this.#ranks.length; at++) {
      for (; next < this.#ranks[at]; next++) if (place[next] < most) count += 1 - this.#outside[next];
      before[at] = count;
      next++;
    }
    this.#before.set(most, before);
    return before;
  }
}

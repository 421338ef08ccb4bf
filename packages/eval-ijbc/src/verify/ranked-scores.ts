import { radixOrder } from './radix-order.js';

/** Scores of a bucket on average. */
const perBucket = 16;

/** Buckets at most: 4 MiB of starts, so that they stay in the cache while scores are counted. */
const mostBuckets = 1 << 20;

/** Buckets of more scores are sorted by their bits, others by insertion. */
const mostInserted = 96;

/**
 * Scores from the highest to the lowest, in order only where somebody looks: all scores are counted into buckets of equal
 * width, and a bucket is sorted when a rank in it is asked for. Rates at a few thresholds then cost two passes over the
 * scores instead of a sort of all.
 *
 * A rank is a place in the descending order, from 0; equal scores keep the order in which they were given.
 */
export class RankedScores {
  /** Scores. */
  readonly count: number;
  readonly buckets: number;
  readonly #scores: Float64Array;
  readonly #high: number;
  readonly #perUnit: number;
  /** Uint32Array [count]: indices into the scores, by bucket. */
  readonly #order: Uint32Array;
  /** Uint32Array [buckets + 1]: first rank of each bucket. */
  readonly #starts: Uint32Array;
  readonly #sorted: Uint8Array;
  readonly #keys = new Float64Array(mostInserted);

  /**
   * @param scores Float64Array [n], finite; read later, too, and not to be changed.
   * Cost: three passes over the scores; 4 bytes a score.
   */
  constructor(scores: Float64Array) {
    this.count = scores.length;
    this.#scores = scores;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index];
      if (score < low) low = score;
      if (score > high) high = score;
    }
    const buckets = Math.max(1, Math.min(mostBuckets, Math.floor(scores.length / perBucket)));
    const perUnit = (buckets - 1) / (high - low);
    this.buckets = Number.isFinite(perUnit) && perUnit > 0 ? buckets : 1;
    this.#perUnit = this.buckets > 1 ? perUnit : 0;
    this.#high = high;
    this.#order = new Uint32Array(this.count);
    this.#starts = new Uint32Array(this.buckets + 1);
    this.#sorted = new Uint8Array(this.buckets);
    this.#fill();
  }

  #fill(): void {
    const scores = this.#scores;
    const order = this.#order;
    const starts = this.#starts;
    const high = this.#high;
    const perUnit = this.#perUnit;
    for (let index = 0; index < scores.length; index++) starts[(((high - scores[index]) * perUnit) | 0) + 1]++;
    for (let bucket = 0; bucket < this.buckets; bucket++) starts[bucket + 1] += starts[bucket];
    // Each start moves to the next one while its bucket is filled, and back afterwards.
    for (let index = 0; index < scores.length; index++) {
      order[starts[((high - scores[index]) * perUnit) | 0]++] = index;
    }
    starts.copyWithin(1, 0, this.buckets);
    starts[0] = 0;
  }

  /** The bucket that a score falls into; it never falls as scores do. Equal scores share one. */
  bucketOf(score: number): number {
    return ((this.#high - score) * this.#perUnit) | 0;
  }

  /** The first rank of a bucket; of `buckets`, the number of scores. */
  startOf(bucket: number): number {
    return this.#starts[bucket];
  }

  /** Index of the score at a rank. */
  indexAt(rank: number): number {
    this.#sort(this.#bucketAt(rank));
    return this.#order[rank];
  }

  /** The score at a rank. */
  scoreAt(rank: number): number {
    return this.#scores[this.indexAt(rank)];
  }

  /** The first rank whose score is not above `score`, which has to be one of the scores. */
  firstRankOf(score: number): number {
    return this.#firstRank(this.bucketOf(score), (other) => other <= score);
  }

  /** The first rank whose score is below `score`, which has to be one of the scores; the number of scores if none is. */
  rankBehind(score: number): number {
    return this.#firstRank(this.bucketOf(score), (other) => other < score);
  }

  /** The first rank of a bucket whose score satisfies a condition that then all lower scores satisfy. */
  #firstRank(bucket: number, holds: (score: number) => boolean): number {
    this.#sort(bucket);
    let low = this.#starts[bucket];
    let high = this.#starts[bucket + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#scores[this.#order[middle]])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * Indices of the scores in descending order.
   *
   * @param ranks how many are needed.
   * @returns Uint32Array [count], in order up to there at least.
   */
  orderUntil(ranks: number): Uint32Array {
    for (let bucket = 0; bucket < this.buckets && this.#starts[bucket] < ranks; bucket++) this.#sort(bucket);
    return this.#order;
  }

  /** The bucket that holds a rank. */
  #bucketAt(rank: number): number {
    // No rank is asked for often; its score would need a look-up that misses the cache, too.
    let low = 0;
    let high = this.buckets - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle + 1] > rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #sort(bucket: number): void {
    if (this.#sorted[bucket] === 1) return;
    this.#sorted[bucket] = 1;
    const from = this.#starts[bucket];
    const to = this.#starts[bucket + 1];
    if (to - from <= mostInserted) this.#insert(from, to);
    else {
      const part = this.#order.slice(from, to);
      const values = new Float64Array(part.length);
      for (let i = 0; i < part.length; i++) values[i] = this.#scores[part[i]];
      const places = radixOrder(values);
      for (let i = 0; i < part.length; i++) this.#order[from + i] = part[places[i]];
    }
  }

  /** Insertion sort of the ranks [from, to), which stand in the order of their indices. */
  #insert(from: number, to: number): void {
    const order = this.#order;
    const keys = this.#keys;
    for (let i = from; i < to; i++) {
      const index = order[i];
      const score = this.#scores[index];
      let at = i;
      for (; at > from && keys[at - from - 1] < score; at--) {
        keys[at - from] = keys[at - from - 1];
        order[at] = order[at - 1];
      }
      keys[at - from] = score;
      order[at] = index;
    }
  }
}

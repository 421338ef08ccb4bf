/** Values per box in the grid: x1, y1, x2 + offset, y2 + offset, area. */
const stride = 5;

/** Below this threshold boxes of nearly all sizes may suppress one another and cells hold most: all share one bucket. */
export const lowestPrunedIou = 0.04;

/** Above this threshold finer size levels gain nothing: this one's pruning is used, which is weaker and therefore safe. */
const highestPrunedIou = 0.9;

/** Levels that a factor of 2^22 in size takes at `highestPrunedIou`, the finest: log(2^22) / log(1 / 0.9) = 144.7. */
const mostLevels = 146;

/** Room for rounding: pruning assumes a slightly lower threshold than the test applies. */
const slack = 1 + 1e-6;

/**
 * The boxes kept so far by a greedy suppression, arranged so that those which can overlap a candidate by IoU `t` are
 * found without looking at the others.
 *
 * Two facts prune, for boxes of longer sides m and m': IoU > t needs min(m, m') / max(m, m') > t, and centres closer
 * than (1 - t) max(m, m') in x and in y. So boxes are binned by longer side in levels of ratio 1 / t, of which three
 * neighbouring ones matter, and in each level by centre in square cells. Cells are hashed into buckets without
 * collision handling: a stranger in a bucket costs one IoU and changes nothing, as every pair found is computed exactly.
 *
 * Float64 throughout. Buffers grow to the largest call and are reused. A box that is not finite or has no area can
 * neither suppress nor be suppressed, and is never entered.
 */
export class OverlapGrid {
  /** Number of boxes kept. */
  count = 0;
  #boxes = new Float64Array(stride);
  #next = new Int32Array(0);
  #heads = new Int32Array(1);
  #mask = 0;
  #threshold = 0;
  #reach = 0;
  #smallestSide = 1;
  #perLogSide = 0;
  /** Upper bound of the longer side, by level. */
  readonly #levelSides = new Float64Array(mostLevels);
  #levels = 0;

  /**
   * Empty the grid for at most all of `boxesXyxy`.
   *
   * @param boxesXyxy [N, 4]: (x1, y1, x2, y2); read for the extent of the coordinates only.
   * @param iouThreshold the `t` of later searches.
   */
  start(boxesXyxy: Float32Array, iouThreshold: number): void {
    const capacity = boxesXyxy.length / 4;
    this.count = 0;
    this.#threshold = iouThreshold;
    if (this.#next.length < capacity) {
      this.#boxes = new Float64Array((capacity + 1) * stride);
      this.#next = new Int32Array(capacity);
      this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 1)));
    }
    const buckets = iouThreshold < lowestPrunedIou ? 1 : 2 ** Math.ceil(Math.log2(capacity * 2 + 1));
    this.#mask = buckets - 1;
    this.#heads.fill(-1, 0, buckets);
    const pruned = Math.min(iouThreshold, highestPrunedIou) / slack;
    this.#reach = (1 - pruned) * slack;
    this.#perLogSide = -1 / Math.log(pruned);
    // Sides are clamped to a 2^20th of the extent, which bounds cell coordinates whatever the input.
    this.#smallestSide = Math.max(extentOf(boxesXyxy) * 2 ** -20, Number.MIN_VALUE);
    this.#levels = 0;
    for (let side = this.#smallestSide; side <= this.#smallestSide * 2 ** 22 && this.#mask > 0; ) {
      side /= pruned;
      this.#levelSides[this.#levels++] = side;
    }
  }

  /** Make box `index` of `boxesXyxy` the candidate of the following calls; `offsetPx` as sideOffsetPx gives it. */
  place(boxesXyxy: Float32Array, index: number, offsetPx: 0 | 1): void {
    const from = index * 4;
    const at = this.count * stride;
    const x1 = boxesXyxy[from];
    const y1 = boxesXyxy[from + 1];
    const x2 = boxesXyxy[from + 2] + offsetPx;
    const y2 = boxesXyxy[from + 3] + offsetPx;
    this.#boxes[at] = x1;
    this.#boxes[at + 1] = y1;
    this.#boxes[at + 2] = x2;
    this.#boxes[at + 3] = y2;
    this.#boxes[at + 4] = (x2 - x1) * (y2 - y1);
  }

  /** Keep the candidate: it takes part in later searches under rank `count`, which grows by one. */
  keep(): void {
    const rank = this.count++;
    const at = rank * stride;
    const side = this.#sideAt(at);
    if (!(side > 0)) return;
    let bucket = 0;
    if (this.#mask > 0) {
      const level = this.#levelOf(side);
      const cell = this.#levelSides[level] * this.#reach;
      const column = Math.floor((this.#boxes[at] + this.#boxes[at + 2]) / (2 * cell));
      const row = Math.floor((this.#boxes[at + 1] + this.#boxes[at + 3]) / (2 * cell));
      bucket = hash(level, column, row) & this.#mask;
    }
    this.#next[rank] = this.#heads[bucket];
    this.#heads[bucket] = rank;
  }

  /** Whether a kept box overlaps the candidate by IoU > t. */
  isSuppressed(): boolean {
    return this.#search(false) >= 0;
  }

  /** The lowest rank of a kept box that overlaps the candidate by IoU >= t, or -1. */
  firstOverlap(): number {
    return this.#search(true);
  }

  /** The rank of a kept box with IoU > t, any one; or, `lowest`, the lowest rank with IoU >= t; or -1. */
  #search(lowest: boolean): number {
    const at = this.count * stride;
    const side = this.#sideAt(at);
    if (!(side > 0)) return -1;
    if (this.#mask === 0) return this.#searchBucket(0, at, lowest, -1);
    const centreX = (this.#boxes[at] + this.#boxes[at + 2]) / 2;
    const centreY = (this.#boxes[at + 1] + this.#boxes[at + 3]) / 2;
    const own = this.#levelOf(side);
    let found = -1;
    for (let step = 0; step < 3; step++) {
      // The box's own level first: that is where its duplicates are.
      const level = step === 0 ? own : own + (step === 1 ? 1 : -1);
      if (level < 0 || level >= this.#levels) continue;
      const levelSide = this.#levelSides[level];
      const cell = levelSide * this.#reach;
      const radius = Math.max(side, levelSide) * this.#reach;
      const lastColumn = Math.floor((centreX + radius) / cell);
      const lastRow = Math.floor((centreY + radius) / cell);
      for (let row = Math.floor((centreY - radius) / cell); row <= lastRow; row++) {
        for (let column = Math.floor((centreX - radius) / cell); column <= lastColumn; column++) {
          found = this.#searchBucket(hash(level, column, row) & this.#mask, at, lowest, found);
          if (found >= 0 && !lowest) return found;
        }
      }
    }
    return found;
  }

  #searchBucket(bucket: number, at: number, lowest: boolean, found: number): number {
    const boxes = this.#boxes;
    const next = this.#next;
    const threshold = this.#threshold;
    const x1 = boxes[at];
    const y1 = boxes[at + 1];
    const x2 = boxes[at + 2];
    const y2 = boxes[at + 3];
    const area = boxes[at + 4];
    let best = found;
    for (let rank = this.#heads[bucket]; rank >= 0; rank = next[rank]) {
      const other = rank * stride;
      const width = Math.min(x2, boxes[other + 2]) - Math.max(x1, boxes[other]);
      if (width <= 0) continue;
      const height = Math.min(y2, boxes[other + 3]) - Math.max(y1, boxes[other + 1]);
      if (height <= 0) continue;
      const overlap = width * height;
      const iou = overlap / (area + boxes[other + 4] - overlap);
      if (!lowest) {
        if (iou > threshold) return rank;
      } else if (iou >= threshold && (best < 0 || rank < best)) best = rank;
    }
    return best;
  }

  /** The longer side of the box at `at`, 0 if it has no area or is not finite. */
  #sideAt(at: number): number {
    const width = this.#boxes[at + 2] - this.#boxes[at];
    const height = this.#boxes[at + 3] - this.#boxes[at + 1];
    return width > 0 && height > 0 && this.#boxes[at + 4] < Number.POSITIVE_INFINITY ? Math.max(width, height) : 0;
  }

  #levelOf(side: number): number {
    const level = Math.floor(Math.log(side / this.#smallestSide) * this.#perLogSide);
    return level < 0 ? 0 : Math.min(level, this.#levels - 1);
  }
}

/** The largest magnitude of a finite coordinate, and 1 at least, the pixel that the `pixel` convention adds. */
function extentOf(boxesXyxy: Float32Array): number {
  let extent = 1;
  for (let at = 0; at < boxesXyxy.length; at++) {
    const magnitude = Math.abs(boxesXyxy[at]);
    if (magnitude > extent && magnitude < Number.POSITIVE_INFINITY) extent = magnitude;
  }
  return extent;
}

/** Spread (level, column, row) over 32 bits; the multipliers only need to be odd and large. */
function hash(level: number, column: number, row: number): number {
  const mixed = Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca6b) ^ Math.imul(level, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

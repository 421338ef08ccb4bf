/** Beyond so many cells from the origin columns and rows are no longer told apart: such boxes are compared with all. */
const furthestCell = 2 ** 30;

/** The boxes of one power of two in size. */
interface Level {
  /** Bound of the longer side, and side of a cell. */
  readonly side: number;
  /** All of them, alive or not. */
  readonly members: number[];
}

/**
 * Boxes that leave one after another, arranged so that those which overlap a given one are found without looking at all:
 * by longer side in levels of a factor of 2, and in each level by centre in square cells, hashed into buckets without
 * collision handling, since a stranger costs one IoU.
 *
 * Cost: O(N) to build; memory 4 bytes a box and 8 to 16 for the buckets.
 */
export class LiveBoxes {
  readonly #boxes: Float32Array;
  readonly #offsetPx: 0 | 1;
  readonly #isLive: Uint8Array;
  readonly #next: Int32Array;
  readonly #heads: Int32Array;
  /** The search in which each box was visited last: several cells may share a bucket. */
  readonly #visited: Int32Array;
  #search = 0;
  readonly #levels = new Map<number, Level>();
  /** Boxes that are not finite or lie too far out. */
  readonly #everywhere: number[] = [];

  /**
   * @param boxesXyxy [N, 4]; not changed while in use.
   * @param live      indices of the boxes that are alive, the first `count` of the array.
   */
  constructor(boxesXyxy: Float32Array, live: Int32Array, count: number, offsetPx: 0 | 1) {
    this.#boxes = boxesXyxy;
    this.#offsetPx = offsetPx;
    this.#isLive = new Uint8Array(boxesXyxy.length / 4);
    this.#next = new Int32Array(boxesXyxy.length / 4);
    this.#visited = new Int32Array(boxesXyxy.length / 4);
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 1))).fill(-1);
    for (let position = 0; position < count; position++) this.#add(live[position]);
  }

  /** Whether a box was not taken out. */
  isLive(index: number): boolean {
    return this.#isLive[index] === 1;
  }

  /** Take a box out. */
  remove(index: number): void {
    this.#isLive[index] = 0;
  }

  /**
   * Call `visit` once for each of some live boxes, among them all others that overlap box `index`. It may remove the box that
   * it is called for.
   */
  forEachNear(index: number, visit: (other: number) => void): void {
    this.#search++;
    for (const other of this.#everywhere) this.#visit(other, visit);
    const width = this.#side(index, 0);
    const height = this.#side(index, 1);
    if (width <= 0 || height <= 0) return;
    const x = this.#centre(index, 0);
    const y = this.#centre(index, 1);
    for (const [exponent, { side, members }] of this.#levels) {
      const [reachX, reachY] = [(width + side) / 2, (height + side) / 2];
      const [left, right] = [Math.floor((x - reachX) / side), Math.floor((x + reachX) / side)];
      const [top, bottom] = [Math.floor((y - reachY) / side), Math.floor((y + reachY) / side)];
      const cells = (right - left + 1) * (bottom - top + 1);
      const isFar = Math.max(-left, right, -top, bottom) > 2 * furthestCell;
      if (!(cells < members.length) || isFar) {
        for (const other of members) this.#visit(other, visit);
        continue;
      }
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++)
          this.#visitBucket(this.#bucketOf(exponent, column, row), visit);
      }
    }
  }

  #add(index: number): void {
    this.#isLive[index] = 1;
    const [width, height] = [this.#side(index, 0), this.#side(index, 1)];
    // Such a box overlaps with nothing.
    if (width <= 0 || height <= 0) return;
    const exponent = Math.ceil(Math.log2(Math.max(width, height)));
    const side = 2 ** exponent;
    const [x, y] = [this.#centre(index, 0), this.#centre(index, 1)];
    if (!(Math.abs(x) + Math.abs(y) < side * furthestCell)) {
      this.#everywhere.push(index);
      return;
    }
    const level = this.#levels.get(exponent) ?? { side, members: [] };
    this.#levels.set(exponent, level);
    level.members.push(index);
    const bucket = this.#bucketOf(exponent, Math.floor(x / side), Math.floor(y / side));
    this.#next[index] = this.#heads[bucket];
    this.#heads[bucket] = index;
  }

  /** Visit the live boxes of a bucket and take the others out of it. */
  #visitBucket(bucket: number, visit: (other: number) => void): void {
    const next = this.#next;
    let before = -1;
    for (let other = this.#heads[bucket]; other >= 0; other = next[other]) {
      if (this.#isLive[other] === 1) {
        before = other;
        this.#visit(other, visit);
      } else if (before < 0) this.#heads[bucket] = next[other];
      else next[before] = next[other];
    }
  }

  #visit(other: number, visit: (other: number) => void): void {
    if (this.#isLive[other] === 0 || this.#visited[other] === this.#search) return;
    this.#visited[other] = this.#search;
    visit(other);
  }

  #side(index: number, axis: 0 | 1): number {
    return this.#boxes[4 * index + 2 + axis] - this.#boxes[4 * index + axis] + this.#offsetPx;
  }

  #centre(index: number, axis: 0 | 1): number {
    return (this.#boxes[4 * index + axis] + this.#boxes[4 * index + 2 + axis] + this.#offsetPx) / 2;
  }

  /** The multipliers only need to be odd and large. */
  #bucketOf(exponent: number, column: number, row: number): number {
    const mixed = Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca6b) ^ Math.imul(exponent, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 15)) & (this.#heads.length - 1);
  }
}

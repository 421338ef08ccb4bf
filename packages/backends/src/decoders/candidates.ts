/**
 * The boxes of one image whose score survived the floor, over all passes, in pixels of the original image. Its arrays
 * grow to the most crowded image seen and are reused, so that a stream of images allocates nothing here.
 */
export class Candidates {
  count = 0;
  /** Whether rows carry landmarks. */
  hasLandmarks = false;
  /** Numbers of the dense head a row; 0 without one. */
  denseValues = 0;
  /** Numbers of all points of a face, where they are more or others than the landmarks; 0 without. */
  pointValues = 0;
  #boxesXyxy = new Float32Array(0);
  #scores = new Float32Array(0);
  #landmarks = new Float32Array(0);
  #dense = new Float32Array(0);
  #points = new Float32Array(0);
  #anchorsXyxy = new Float32Array(0);

  /** Forget all rows; keep the memory. */
  clear(hasLandmarks: boolean, denseValues = 0, pointValues = 0): void {
    this.count = 0;
    this.hasLandmarks = hasLandmarks;
    this.denseValues = denseValues;
    this.pointValues = pointValues;
  }

  /** Make room for `more` further rows and return the index of the first of them. */
  reserve(more: number): number {
    const needed = this.count + more;
    if (this.#scores.length < needed) {
      const capacity = Math.max(needed, this.#scores.length * 2, 1024);
      this.#scores = grown(this.#scores, capacity);
      this.#boxesXyxy = grown(this.#boxesXyxy, capacity * 4);
      this.#landmarks = grown(this.#landmarks, capacity * 10);
    }
    if (this.pointValues > 0 && this.#points.length < needed * this.pointValues) {
      const capacity = Math.max(needed, 2 * Math.floor(this.#points.length / this.pointValues), 64);
      this.#points = grown(this.#points, capacity * this.pointValues);
    }
    if (this.denseValues > 0 && this.#dense.length < needed * this.denseValues) {
      const capacity = Math.max(needed, 2 * (this.#dense.length / this.denseValues), 64);
      this.#dense = grown(this.#dense, capacity * this.denseValues);
      this.#anchorsXyxy = grown(this.#anchorsXyxy, capacity * 4);
    }
    return this.count;
  }

  /** The memory of the boxes; rows from `count` on may be written after `reserve`. */
  get boxBuffer(): Float32Array {
    return this.#boxesXyxy;
  }

  get scoreBuffer(): Float32Array {
    return this.#scores;
  }

  get landmarkBuffer(): Float32Array {
    return this.#landmarks;
  }

  get pointBuffer(): Float32Array {
    return this.#points;
  }

  get denseBuffer(): Float32Array {
    return this.#dense;
  }

  /** Corners of the anchor that each row's dense numbers are relative to, written beside `denseBuffer`. */
  get anchorBuffer(): Float32Array {
    return this.#anchorsXyxy;
  }

  /** Float32Array [count, 4], a view. */
  get boxesXyxy(): Float32Array {
    return this.#boxesXyxy.subarray(0, this.count * 4);
  }

  /** Float32Array [count], a view. */
  get scores(): Float32Array {
    return this.#scores.subarray(0, this.count);
  }

  /** Float32Array [count, 10], a view. */
  get landmarks(): Float32Array {
    return this.#landmarks.subarray(0, this.count * 10);
  }

  /** Float32Array [count, pointValues], a view. */
  get points(): Float32Array {
    return this.#points.subarray(0, this.count * this.pointValues);
  }

  /** Float32Array [count, denseValues], a view. */
  get dense(): Float32Array {
    return this.#dense.subarray(0, this.count * this.denseValues);
  }

  /** Float32Array [count, 4] where there is a dense head, a view. */
  get anchorsXyxy(): Float32Array {
    return this.#anchorsXyxy.subarray(0, this.denseValues > 0 ? this.count * 4 : 0);
  }

  /** Whether a number of the rows from `from` on is not finite. */
  hasNonFinite(from: number): boolean {
    for (let row = from; row < this.count; row++) if (!this.#isFinite(row)) return true;
    return false;
  }

  /**
   * Drop the rows from `from` on whose box has no positive width and height, or that hold a number that is not finite: they
   * are no place in an image, overlap nothing, and prediction files cannot say them. The others keep their order.
   *
   * Cost: O(rows).
   */
  dropDegenerate(from: number): void {
    const boxes = this.#boxesXyxy;
    let to = from;
    for (let row = from; row < this.count; row++) {
      const at = row * 4;
      const hasArea = boxes[at + 2] > boxes[at] && boxes[at + 3] > boxes[at + 1];
      if (!hasArea || !this.#isFinite(row)) continue;
      if (to !== row) this.#move(row, to);
      to++;
    }
    this.count = to;
  }

  #isFinite(row: number): boolean {
    // The sum is finite exactly where all are, short of an overflow that no pixel coordinate reaches.
    let sum = this.#scores[row];
    for (let at = row * 4; at < row * 4 + 4; at++) sum += this.#boxesXyxy[at];
    if (this.hasLandmarks) for (let at = row * 10; at < row * 10 + 10; at++) sum += this.#landmarks[at];
    for (let at = row * this.pointValues; at < (row + 1) * this.pointValues; at++) sum += this.#points[at];
    return Number.isFinite(sum);
  }

  #move(row: number, to: number): void {
    this.#scores[to] = this.#scores[row];
    this.#boxesXyxy.copyWithin(to * 4, row * 4, row * 4 + 4);
    if (this.hasLandmarks) this.#landmarks.copyWithin(to * 10, row * 10, row * 10 + 10);
    this.#points.copyWithin(to * this.pointValues, row * this.pointValues, (row + 1) * this.pointValues);
    if (this.denseValues === 0) return;
    this.#dense.copyWithin(to * this.denseValues, row * this.denseValues, (row + 1) * this.denseValues);
    this.#anchorsXyxy.copyWithin(to * 4, row * 4, row * 4 + 4);
  }
}

function grown(array: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(length);
  larger.set(array);
  return larger;
}
